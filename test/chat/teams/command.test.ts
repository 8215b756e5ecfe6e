import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ChatWork } from '../../../lib/chat/conversation/chat-platform.ts'
import type { Undelivered, Wished } from '../../../lib/chat/conversation/wish-log.ts'
import { runCommand } from '../../../lib/chat/run-command.ts'
import { slackPlatform } from '../../../lib/chat/slack/platform.ts'
import type { TeamsApi } from '../../../lib/chat/teams/api.ts'
import { teamsPlatform } from '../../../lib/chat/teams/platform.ts'
import { GatewayError } from '../../../lib/errors.ts'
import { TransportError } from '../../../lib/transport/transport.ts'
import { OFF } from '../../support/changes/change-orders.ts'
import { allChanges, type ChangeWorld, changeWorld, headerOf } from '../../support/changes/change-world.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const TENANT = '99999999-8888-4777-8666-555555555555'
const OLGA = '11111111-2222-4333-8444-555555555555'
const VERA = '33333333-2222-4333-8444-555555555555'
const TEAM = '19:team@thread.tacv2'
const CHANNEL = '19:channel@thread.tacv2'

interface Posted {
  readonly url: string
  readonly message: unknown
}

/** @param changed how opening a workbench fails, and how Teams does. */
async function teamsWorld({
  openBench,
  users = 40,
  ...api
}: Partial<TeamsApi & Pick<ChatWork, 'openBench'> & { readonly users: number }> = {}) {
  const world = await changeWorld({
    org: { users },
    policy: {
      people: {
        olga: { role: 'operator', teams: [OLGA] },
        vera: { role: 'viewer', teams: [VERA] },
        abel: { role: 'approver', jwt: ['abel'] },
      },
      chat: { teams: { tenants: [TENANT], incoming: { [CHANNEL]: 'https://flows.example.com/abc' } } },
    },
  })
  const posted: Posted[] = []
  const audit: (Wished & { readonly why: string })[] = []
  const undelivered: Undelivered[] = []
  const bench = world.bench()
  const work: ChatWork = {
    desk: bench,
    openBench: openBench ?? (async () => world.bench()),
    bus: bench.bus,
    notices: world.store.notices,
    inventory: world.inventory,
    seats: world.seats,
    platforms: {
      slack: slackPlatform({
        api: {
          respond: async () => false,
          post: async () => false,
          update: async () => false,
          emailOf: async () => undefined,
        },
        secrets: { read: async () => [] },
        settings: bench.policy.chat?.slack,
      }),
      teams: teamsPlatform({
        api: {
          async post(url, message) {
            posted.push({ url, message })
            return true
          },
          ...api,
        },
        keys: { read: async () => [{ teamId: TEAM, key: KEY }] },
        settings: bench.policy.chat?.teams,
      }),
    },
    log: {
      noteWish: () => {},
      noteRefusal: (wished, why) => audit.push({ ...wished, why }),
      noteFailure: () => {},
      noteUndelivered: (line) => undelivered.push(line),
    },
  }
  return { world, posted, audit, undelivered, deliver: (event: unknown) => runCommand(work, event) }
}

interface Told {
  readonly text: string
  readonly person?: string
  readonly timestamp?: string | undefined
  readonly key?: string
  readonly agoMs?: number
  readonly id?: string
}

/** A delivery as Teams' webhook hands it on. */
function queued(
  { clock }: ChangeWorld,
  { text, person = OLGA, timestamp, key = KEY, agoMs = 0, id = '1485983408511' }: Told,
) {
  const body = JSON.stringify({
    type: 'message',
    id,
    timestamp,
    text: `<at>license</at> ${text}`,
    from: { id: '29:1', name: 'Abel', aadObjectId: person },
    conversation: { id: CHANNEL, tenantId: TENANT },
    channelData: { team: { id: TEAM }, channel: { id: CHANNEL }, tenant: { id: TENANT } },
  })
  return {
    platform: 'teams',
    deliveryId: 'teams-1',
    rawBody: Buffer.from(body).toString('base64'),
    authorization: `HMAC ${createHmac('sha256', Buffer.from(key, 'base64')).update(body).digest('base64')}`,
    receivedAtMs: clock.nowMs() - agoMs,
  }
}

const now = ({ clock }: ChangeWorld) => new Date(clock.nowMs()).toISOString()

describe('a message in Teams', () => {
  it('(M01) is answered with a card', async () => {
    const { world, deliver } = await teamsWorld()
    const told = { text: 'user ana@example.com', timestamp: now(world) }
    expect(JSON.stringify(await deliver(queued(world, told)))).toContain('cloudCX2')
  })

  it('in which words are struck out is answered without them, and says so', async () => {
    const { world, deliver } = await teamsWorld()
    const told = { text: 'user <s>ben@example.com</s> ana@example.com', timestamp: now(world) }
    const card = JSON.stringify(await deliver(queued(world, told)))
    expect(card).toContain('Struck out, so not read: “ben@example.com”.')
    expect(card).toContain('cloudCX2')
  })

  it('of which all is struck out is no wish', async () => {
    const { world, deliver } = await teamsWorld()
    const told = { text: `<s>toggle ${OFF} on</s>`, timestamp: now(world) }
    expect(JSON.stringify(await deliver(queued(world, told)))).toContain('Struck out, so not read')
    expect(await allChanges(world)).toEqual([])
  })

  it('with what nobody sees inside a word is told which character it is', async () => {
    const { world, deliver } = await teamsWorld()
    const told = { text: 'who cloud&#8206;CX3', timestamp: now(world) }
    expect(JSON.stringify(await deliver(queued(world, told)))).toContain(
      'an invisible character (U+200E) after',
    )
  })

  it('(M11) that wishes for something makes a request and changes nothing', async () => {
    const { world, deliver } = await teamsWorld()
    const returned = await deliver(queued(world, { text: `toggle ${OFF} on`, timestamp: now(world) }))
    const [change] = await allChanges(world)
    expect(change).toMatchObject({ state: 'AWAITING_APPROVAL', actor: { kind: 'teams', person: 'olga' } })
    expect(JSON.stringify(returned)).toContain(change?.id)
    expect(world.posts()).toBe(0)
    // Approvers are asked now, and not when the tick comes by.
    expect(world.told.map(({ detailType }) => detailType)).toEqual(['License Change Awaiting Approval'])
    const abel = { actor: { kind: 'jwt', id: 'abel' }, operation: 'approve' } as const
    await world.changes(abel).approve(change?.id ?? '', change?.digest ?? '')
    expect((await headerOf(world, change?.id ?? '')).state).toBe('APPLIED')
  })

  it('that takes a license from many says so first, and nobody types the count where nothing proves who does', async () => {
    const { world, deliver } = await teamsWorld({ users: 120 })
    const { users } = world.org.truth()
    const some = Object.keys(users).filter((id) => users[id]?.includes('cloudCX1'))
    const text = `revoke cloudCX1 from ${some.slice(0, 21).join(', ')} because they left`
    const card = JSON.stringify(await deliver(queued(world, { text, timestamp: now(world) })))
    expect(card).toContain('This takes cloudCX1 from 21 people; how many hold it nobody has read lately.')
    expect(card).toContain('In all it changes 21 people.')
    const [change] = await allChanges(world)
    expect(change?.state).toBe('AWAITING_APPROVAL')
    const typed = { text: `confirm ${change?.id} 21`, timestamp: now(world), id: '1485983408512' }
    const said = JSON.stringify(await deliver(queued(world, typed)))
    expect(said).toContain('Nothing proves here who decides')
    expect(said).toContain(`/license confirm ${change?.id} 21`)
    const abel = { actor: { kind: 'jwt', id: 'abel' }, operation: 'approve' } as const
    const approve = (count?: number) =>
      world.changes(abel).approve(change?.id ?? '', change?.digest ?? '', count)
    await expect(approve()).rejects.toMatchObject({ code: 'change.people.unconfirmed' })
    await approve(21)
    expect((await headerOf(world, change?.id ?? '')).state).toBe('APPLIED')
  })

  it('(M05) that names no time may ask, and changes nothing', async () => {
    const { world, deliver } = await teamsWorld()
    const returned = await deliver(queued(world, { text: `toggle ${OFF} on` }))
    expect(JSON.stringify(returned)).toContain('names no time')
    expect(await allChanges(world)).toEqual([])
  })

  it('(M04) that comes again is not begun again', async () => {
    const { world, deliver } = await teamsWorld()
    const event = queued(world, { text: `toggle ${OFF} on`, timestamp: now(world) })
    expect(await deliver(event)).toHaveProperty('reply')
    expect(await deliver(event)).toEqual({})
    expect(await allChanges(world)).toHaveLength(1)
  })

  it('(M12) that took too long is answered at the channel’s incoming URL', async () => {
    const { world, deliver, posted } = await teamsWorld()
    const told = { text: 'definitions', timestamp: now(world), agoMs: 5_000 }
    expect(await deliver(queued(world, told))).toEqual({})
    expect(posted).toEqual([{ url: 'https://flows.example.com/abc', message: expect.anything() }])
  })

  it('(M02) that was signed with another key is refused, even by invocation', async () => {
    const { world, deliver, audit } = await teamsWorld()
    const forged = { text: 'definitions', timestamp: now(world), key: Buffer.alloc(32, 8).toString('base64') }
    expect(await deliver(queued(world, forged))).toEqual({})
    expect(audit).toMatchObject([{ platform: 'teams', why: expect.stringContaining('signature') }])
  })

  it('(M07) of somebody whom the org file does not know is told so, whatever name they show', async () => {
    const { world, deliver } = await teamsWorld()
    const person = '22222222-2222-4333-8444-555555555555'
    const returned = await deliver(queued(world, { text: 'definitions', timestamp: now(world), person }))
    expect(JSON.stringify(returned)).toContain('does not know you yet')
  })

  it('is answered with why where there is no token for Genesys', async () => {
    const openBench = async () => {
      throw new GatewayError('credentials.unavailable', 'The gateway has no access token yet')
    }
    const { world, deliver } = await teamsWorld({ openBench })
    expect(
      JSON.stringify(await deliver(queued(world, { text: 'definitions', timestamp: now(world) }))),
    ).toContain('has no access token yet')
    expect(
      JSON.stringify(await deliver(queued(world, { text: 'help', timestamp: now(world), id: '2' }))),
    ).toContain('What can be typed')
  })
})

describe('what breaks behind a message in Teams', () => {
  const bug = new TypeError('undefined is not a function')
  const breaking = {
    openBench: async () => {
      throw bug
    },
  }

  it('in time is thrown on, so that the webhook says so itself', async () => {
    const { world, deliver, posted } = await teamsWorld(breaking)
    const event = queued(world, { text: 'definitions', timestamp: now(world) })
    await expect(deliver(event)).rejects.toBe(bug)
    expect(posted).toEqual([])
  })

  it('too late for that is told at the channel’s incoming URL, and thrown on', async () => {
    const { world, deliver, posted } = await teamsWorld(breaking)
    const event = queued(world, { text: 'definitions', timestamp: now(world), agoMs: 5_000 })
    await expect(deliver(event)).rejects.toBe(bug)
    expect(JSON.stringify(posted)).toMatch(/Something went wrong on our side.*whether it was recorded/)
  })
})

describe('a late answer', () => {
  const late = (world: ChangeWorld) =>
    queued(world, { text: 'definitions', timestamp: now(world), agoMs: 5_000 })

  it.each([
    ['is refused there', async () => false, 'the incoming URL: not taken'],
    [
      'does not get there',
      async () => {
        throw new TransportError('timeout', 'no whole answer within 5000 ms', true)
      },
      'the incoming URL: TransportError: no whole answer within 5000 ms',
    ],
  ])('that %s is lost, and that wakes somebody', async (_, post, tried) => {
    const { world, deliver, undelivered } = await teamsWorld({ post })
    expect(await deliver(late(world))).toEqual({})
    expect(undelivered).toEqual([
      { id: expect.stringMatching(/^teams-/), what: 'late answer', tried: [tried], isLost: true },
    ])
  })
})

describe('what becomes of a request that was made in Teams', () => {
  /** A request, and what tells the channel of its change's events. */
  async function requestedInTeams(changed: Partial<TeamsApi> = {}, text = `toggle ${OFF} on`) {
    const teams = await teamsWorld(changed)
    const { world, deliver } = teams
    await deliver(queued(world, { text, timestamp: now(world) }))
    const [change] = await allChanges(world)
    if (!change) throw new Error('there is no request')
    async function tell() {
      for (const { detailType, detail } of world.told)
        await deliver({ 'detail-type': detailType, source: 'genesys-license-gateway', detail })
    }
    return { ...teams, change, tell }
  }
  const abel = { actor: { kind: 'jwt', id: 'abel' }, operation: 'decide', idempotencyKey: 'd1' } as const

  it('is told at the channel’s incoming URL: rejected', async () => {
    const { world, change, posted, tell } = await requestedInTeams()
    await world.records(abel).reject(change.id)
    await world.tick()
    await tell()
    await tell()
    expect(posted.map(({ url }) => url)).toEqual(['https://flows.example.com/abc'])
    expect(JSON.stringify(posted)).toMatch(/was rejected.*Rejected by abel/)
  })

  it('for a time: its end is told there an hour before with nothing to press, and moving it or having it now is a request', async () => {
    const { world, deliver, posted, tell, change } = await requestedInTeams({}, `toggle ${OFF} on for 3h`)
    await world.changes(abel).approve(change.id, change.digest)
    world.clock.advance(2 * 3_600_000)
    await world.tick()
    await tell()
    const told = JSON.stringify(
      posted.filter(({ message }) => JSON.stringify(message).includes('taken back in')),
    )
    expect(told).toContain('taken back in 1 hour')
    expect(told).toContain(`extend ${change.id} for 8h`)
    expect(told).not.toMatch(/Action\.|End now/)
    const sent = world.posts()
    const extended = { text: `extend ${change.id} for 8h`, timestamp: now(world), id: '1485983408512' }
    expect(JSON.stringify(await deliver(queued(world, extended)))).toContain('waits for an approver')
    const ended = { text: `end ${change.id}`, timestamp: now(world), id: '1485983408513' }
    expect(JSON.stringify(await deliver(queued(world, ended)))).toContain('waits for an approver')
    const requests = (await allChanges(world)).filter(({ id }) => id !== change.id)
    expect(requests.map((each) => [each.state, each.extends ?? each.undoes])).toEqual([
      ['AWAITING_APPROVAL', change.id],
      ['AWAITING_APPROVAL', change.id],
    ])
    expect([world.posts(), (await headerOf(world, change.id)).revert?.moves]).toEqual([sent, undefined])
  })

  it('is lost where the URL does not take it, and that wakes somebody', async () => {
    const { world, change, undelivered, tell } = await requestedInTeams({ post: async () => false })
    await world.changes(abel).approve(change.id, change.digest)
    await tell()
    expect(undelivered).toMatchObject([{ what: 'end of a change', isLost: true }])
  })
})

describe('a refusal in Teams', () => {
  it.each([
    ['of a stranger', '22222222-2222-4333-8444-555555555555', undefined, 'nobody of the org file'],
    ['of a viewer', VERA, 'vera', 'it is for operators'],
  ])('%s is in the audit trail', async (_, person, key, why) => {
    const { world, deliver, audit } = await teamsWorld()
    await deliver(queued(world, { text: `toggle ${OFF} on`, timestamp: now(world), person }))
    expect(audit).toMatchObject([
      {
        platform: 'teams',
        userId: person,
        wish: 'toggle',
        why,
        ...(key === undefined ? {} : { person: key }),
      },
    ])
  })

  it('of a message that proves no time is in the audit trail', async () => {
    const { world, deliver, audit } = await teamsWorld()
    await deliver(queued(world, { text: `toggle ${OFF} on` }))
    expect(audit).toMatchObject([{ person: 'olga', why: 'nothing proves that it was asked now' }])
  })
})
