/** Whoever has read "On it." hears something, whatever goes wrong. */
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../lib/errors.ts'
import { TransportError } from '../../lib/transport/transport.ts'
import { OFF } from '../support/changes/change-orders.ts'
import { allChanges, headerOf } from '../support/changes/change-world.ts'
import { actionOf, chatWorld, textOf } from './chat-world.ts'

const MINUTE_MS = 60_000

const noToken = new GatewayError(
  'credentials.unavailable',
  'The gateway has no access token for Genesys yet',
  {
    retryAfterSeconds: 60,
  },
)

const everything = (world: Awaited<ReturnType<typeof chatWorld>>) => world.answers.map(textOf).join('\n')

describe('without a token for Genesys', () => {
  it('a question is answered privately with why, and when to try again', async () => {
    const world = await chatWorld()
    world.opening.fails = noToken
    const said = await world.type('UVERA', 'definitions')
    expect(said.response_type).toBe('ephemeral')
    expect(textOf(said)).toBe('❌ The gateway has no access token for Genesys yet\nTry again in 1 minute.')
    expect(world.failed).toEqual([noToken])
  })

  it('a wish is recorded nowhere, and a plan that was shown before stays as it is', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    world.opening.fails = noToken
    expect(textOf(await world.type('UOLGA', `toggle ${OFF} off`))).toMatch(/no access token/)
    const said = await world.pressAll('UOLGA', plan, 'Confirm')
    expect(said).toHaveLength(1)
    expect(said.map(textOf).join()).toMatch(/no access token[\s\S]*\/license change [0-9a-z]{20}/)
    world.opening.fails = undefined
    expect(textOf(await world.press('UOLGA', plan, 'Confirm'))).toMatch(/done, and Genesys shows it/)
    expect(await allChanges(world)).toHaveLength(1)
  })

  it.each(['help', 'changes', 'schedules', 'changes mine', 'nonsense'])(
    '%s is answered, since it needs none',
    async (line) => {
      const world = await chatWorld()
      world.opening.fails = noToken
      expect(textOf(await world.type('UVERA', line))).not.toMatch(/no access token/)
      expect(world.opening.times).toBe(0)
    },
  )

  it('nobody whom the org file does not know, and no viewer who wishes, has a token fetched', async () => {
    const world = await chatWorld()
    await world.type('UEVE', 'definitions')
    await world.type('UVERA', `toggle ${OFF} on`)
    expect(world.opening.times).toBe(0)
  })

  it('a change is shown with the ids of its users', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', 'grant wallboardUser to ana@example.com')
    world.opening.fails = noToken
    const { changeId } = actionOf(plan, 'Confirm')
    expect(textOf(await world.type('UOLGA', `change ${changeId}`))).toMatch(
      /Give wallboardUser to Ana Abebe[\s\S]*[0-9a-f]{8}-/,
    )
  })

  it('a plan is called off, and a request rejected', async () => {
    const world = await chatWorld({ approvals: [{ toggles: [OFF] }] })
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    const other = await world.type('UOLGA', `toggle ${OFF} on`)
    await world.press('UOLGA', other, 'Confirm')
    const [asked] = await world.tell()
    world.opening.fails = noToken
    expect(textOf(await world.press('UOLGA', plan, 'Cancel'))).toMatch(/was called off/)
    expect(textOf(await world.press('UABEL', asked?.message ?? plan, 'Reject'))).toMatch(/was rejected/)
  })
})

it('a mention whose address Slack does not tell just now is answered with how to say it otherwise', async () => {
  const emailOf = async () => {
    throw new TransportError('timeout', 'no whole answer within 5000 ms', true)
  }
  const world = await chatWorld({ slack: () => ({ emailOf }) })
  const said = await world.type('UVERA', 'user <@UBEN>')
  expect([said.response_type, textOf(said)]).toEqual([
    'ephemeral',
    '❌ Slack does not say just now who was mentioned: name them by e-mail, or try again',
  ])
})

describe('where something breaks that nobody foresaw', () => {
  const bug = new TypeError('undefined is not a function')
  const breaking = () =>
    chatWorld({
      work: {
        seats: {
          now: async () => {
            throw bug
          },
          days: () => Promise.reject(new Error('nobody asks')),
          periods: async () => [],
          report: async () => {
            throw bug
          },
        },
      },
    })

  it('the person is told privately how to look, and the alarm sees it; a retry says nothing more', async () => {
    const world = await breaking()
    const event = world.typed('UOLGA', 'who cloudCX2')
    await expect(world.deliver(event)).rejects.toBe(bug)
    expect(world.answers.map((each) => each.response_type)).toEqual(['ephemeral'])
    expect(everything(world)).toMatch(
      /Something went wrong on our side\nIf you asked for a change, look whether it was recorded before you try again:\n```\n\/license changes mine\n```\nid slack-/,
    )
    for (const waitedMs of [0, MINUTE_MS, 2 * MINUTE_MS]) {
      world.clock.advance(waitedMs)
      await world.deliver(event)
    }
    expect(world.answers).toHaveLength(1)
  })

  it('behind a button the person is told which change to look at', async () => {
    const world = await chatWorld()
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    const { changeId } = actionOf(plan, 'Confirm')
    world.opening.fails = bug
    const event = world.pressed('UOLGA', plan, 'Confirm')
    await expect(world.deliver(event)).rejects.toBe(bug)
    expect(world.answers.slice(1).map(textOf)).toEqual([
      expect.stringMatching(
        `Look how the change stands before you try again:[\\s\\S]*/license change ${changeId}`,
      ),
    ])
    expect((await headerOf(world, changeId)).state).toBe('PLANNED')
  })
})

describe('where the ledger cannot be reached', () => {
  it('before anything is begun, the person is told so, and the delivery is tried again', async () => {
    const world = await chatWorld()
    const event = world.typed('UOLGA', `toggle ${OFF} on`)
    const { ledger } = world.store
    const putPointer = async () => {
      throw new GatewayError('ledger.unavailable', 'The ledger does not answer')
    }
    const deaf = world.bench({ ledger: { ...ledger, putPointer } })
    await expect(world.deliver(event, deaf)).rejects.toMatchObject({ code: 'ledger.unavailable' })
    expect(everything(world)).toMatch(/nothing was done\nIt is tried again by itself/)
    world.clock.advance(MINUTE_MS)
    await world.deliver(event)
    expect(world.answers.map(textOf).at(-1)).toMatch(/\[Confirm\]/)
  })

  it('and the note was stored all the same, the person is told to look, once', async () => {
    const world = await chatWorld()
    const event = world.typed('UOLGA', `toggle ${OFF} on`)
    const { ledger } = world.store
    const forgetful = world.bench({
      ledger: {
        ...ledger,
        async putPointer(...given) {
          await ledger.putPointer(...given)
          throw new GatewayError('ledger.unavailable', 'The ledger does not answer')
        },
      },
    })
    await world.deliver(event, forgetful).catch(() => {})
    for (let retries = 0; retries < 3; retries++) {
      world.clock.advance(MINUTE_MS)
      await world.deliver(event)
    }
    expect(world.answers.map(textOf)).toEqual([
      expect.stringContaining('nothing was done'),
      expect.stringContaining('/license changes mine'),
    ])
    expect(await allChanges(world)).toEqual([])
  })
})

it('where the ledger goes down behind a confirmation, the person hears that it may yet be carried out', async () => {
  const world = await chatWorld()
  const plan = await world.type('UOLGA', `toggle ${OFF} on`)
  const { ledger } = world.store
  let isDown = false
  const unless = <A extends unknown[], R>(work: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      if (isDown) throw new GatewayError('ledger.unavailable', 'The ledger does not answer')
      return await work(...given)
    }
  }
  const failing = world.bench({
    ledger: {
      ...ledger,
      get: unless(ledger.get),
      plan: unless(ledger.plan),
      look: unless(ledger.look),
      // Down once it has released the change.
      async commit(writes) {
        const released = await unless(ledger.commit)(writes)
        isDown = true
        return released
      },
    },
  })
  await world.deliver(world.pressed('UOLGA', plan, 'Confirm'), failing)
  expect(world.posts()).toBe(0)
  expect(world.answers.map(textOf).join('\n')).toContain('may yet be carried out')
  await world.rest()
  expect(world.posts()).toBe(1)
})

describe('where the function is ended in the middle', () => {
  it('its retry does nothing again, and tells the person to look', async () => {
    const world = await chatWorld()
    const event = world.typed('UOLGA', `toggle ${OFF} on`)
    // What nobody waits for any more: its process is gone.
    const { ledger } = world.store
    await new Promise<void>((isAtWork) => {
      const commit = () => {
        isAtWork()
        return new Promise<never>(() => {})
      }
      void world.deliver(event, world.bench({ ledger: { ...ledger, commit } }))
    })
    // A copy of the delivery that comes while the first is at work says nothing.
    await world.deliver(event)
    expect(world.answers).toEqual([])
    world.clock.advance(MINUTE_MS)
    await world.deliver(event)
    await world.deliver(event)
    expect(world.answers.map(textOf)).toEqual([expect.stringContaining('/license changes mine')])
    expect(await allChanges(world)).toEqual([])
  })
})
