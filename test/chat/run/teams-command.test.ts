import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ChatWork } from '../../../lib/chat/run/chat-work.ts'
import { runCommand } from '../../../lib/chat/run/run-command.ts'
import { OFF } from '../../support/change-orders.ts'
import { allChanges, type ChangeWorld, changeWorld, headerOf } from '../../support/change-world.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const TENANT = '99999999-8888-4777-8666-555555555555'
const OLGA = '11111111-2222-4333-8444-555555555555'
const TEAM = '19:team@thread.tacv2'
const CHANNEL = '19:channel@thread.tacv2'

interface Posted {
  readonly url: string
  readonly message: unknown
}

async function teamsWorld() {
  const world = await changeWorld({
    policy: {
      people: { olga: { role: 'operator', teams: [OLGA] }, abel: { role: 'approver', jwt: ['abel'] } },
      chat: { teams: { tenants: [TENANT], incoming: { [CHANNEL]: 'https://flows.example.com/abc' } } },
    },
  })
  const posted: Posted[] = []
  const refused: string[] = []
  const work: ChatWork = {
    bench: world.bench(),
    snapshots: { get: async () => undefined, put: async () => {} },
    slack: { respond: async () => false, post: async () => false, emailOf: async () => undefined },
    async postToTeams(url, message) {
      posted.push({ url, message })
      return true
    },
    slackSecrets: { read: async () => [] },
    teamsKeys: { read: async () => [{ teamId: TEAM, key: KEY }] },
    loopbackOrigin: undefined,
    log: { refused: (_id, why) => refused.push(why), answered: () => {}, undelivered: () => {} },
  }
  return { world, posted, refused, deliver: (event: unknown) => runCommand(work, event) }
}

interface Told {
  readonly text: string
  readonly person?: string
  readonly timestamp?: string | undefined
  readonly key?: string
  readonly agoMs?: number
}

/** A delivery as Teams' webhook hands it on. */
function queued({ clock }: ChangeWorld, { text, person = OLGA, timestamp, key = KEY, agoMs = 0 }: Told) {
  const body = JSON.stringify({
    type: 'message',
    id: '1485983408511',
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

  it('(M11) that wishes for something makes a request and changes nothing', async () => {
    const { world, deliver } = await teamsWorld()
    const returned = await deliver(queued(world, { text: `toggle ${OFF} on`, timestamp: now(world) }))
    const [change] = await allChanges(world)
    expect(change).toMatchObject({ state: 'AWAITING_APPROVAL', actor: { kind: 'teams', person: 'olga' } })
    expect(JSON.stringify(returned)).toContain(change?.id)
    expect(world.posts()).toBe(0)
    const abel = { actor: { kind: 'jwt', id: 'abel' }, operation: 'approve' } as const
    await world.changes(abel).approve(change?.id ?? '', change?.digest ?? '')
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
    const { world, deliver, refused } = await teamsWorld()
    const forged = { text: 'definitions', timestamp: now(world), key: Buffer.alloc(32, 8).toString('base64') }
    expect(await deliver(queued(world, forged))).toEqual({})
    expect(refused).toHaveLength(1)
  })

  it('(M07) of somebody whom the org file does not know is told so, whatever name they show', async () => {
    const { world, deliver } = await teamsWorld()
    const person = '22222222-2222-4333-8444-555555555555'
    const returned = await deliver(queued(world, { text: 'definitions', timestamp: now(world), person }))
    expect(JSON.stringify(returned)).toContain('does not know you yet')
  })
})
