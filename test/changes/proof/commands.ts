/** What may happen in a history: requests of every kind, time, people, and what goes wrong. */
import fc from 'fast-check'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import { tick } from '../../../lib/changes/carry-out/tick.ts'
import { INVOCATION_LIFE_MS, QUIET_MS, STALENESS_MS } from '../../../lib/changes/model/timing.ts'
import { RecordKeeper } from '../../../lib/changes/record-keeper.ts'
import { flipToggle } from '../../../lib/events/flip-toggle.ts'
import { ANA } from '../../support/changes/change-world.ts'
import { NOON } from '../../support/fake-clock.ts'
import type { Command, Crash, Mishap, Stage, Work } from './history.ts'

const MAX_COMMANDS = 16

/** In legacy orgs the first is off to begin with, the second on. */
const features = ['concurrentLicensing', 'wallboards'] as const
const feature = fc.constantFrom(...features)

/** Of a process: at most so many calls of the longest request are crashed at. */
const MAX_CALLS = 32

/** While what was sent may still land: less than the 28 s that it has. Milliseconds. */
const LATE_MS = 21_000

type Fate = Pick<Work, 'crash' | 'mishap' | 'isAwaited'>

const crash: fc.Arbitrary<Crash> = fc.record({
  atCall: fc.integer({ min: 1, max: MAX_CALLS }),
  isCarriedOut: fc.boolean(),
})
const fate: fc.Arbitrary<Fate> = fc.record({
  crash: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: crash }),
  mishap: fc.constantFrom<Mishap | undefined>(undefined, undefined, undefined, 'lands.late', 'answered.500'),
  isAwaited: fc.boolean(),
})

function command(what: string, run: (stage: Stage) => Promise<void>): Command {
  return { check: () => true, run: (_, stage) => run(stage), toString: () => what }
}

/** A request to a process of its own, which may crash. */
function working(
  what: string,
  { crash, mishap, isAwaited }: Fate,
  prepare: (stage: Stage) => Work['run'] | undefined,
): Command {
  const fateText = [
    ...(crash ? [`dies ${crash.isCarriedOut ? 'after' : 'before'} call ${crash.atCall}`] : []),
    ...(mishap === undefined ? [] : [mishap]),
    ...(isAwaited ? ['awaited'] : []),
  ]
  const whole = [what, ...fateText].join(', ')
  return command(whole, async (stage) => {
    const run = prepare(stage)
    if (run) await stage.start({ what, crash, mishap, isAwaited, run })
  })
}

const request = fc
  .record({ feature, enabled: fc.boolean(), n: fc.nat(1), isReverted: fc.boolean(), fate })
  .map(({ feature, enabled, n, isReverted, fate }) => {
    const idempotencyKey = `${feature}.${enabled}.${n}.${isReverted}`
    return working(`request ${idempotencyKey}`, fate, ({ world, keyed }) => {
      const caller = keyed({ actor: ANA, operation: 'request', idempotencyKey })
      const order = { kind: 'toggle', featureName: feature, enabled } as const
      return (bench) =>
        world.changes(caller, bench).request(isReverted ? { ...order, revertAfter: 'PT1H' } : order)
    })
  })

/** What needs two coincidences, and would hardly ever come about by chance. */
const meddled = fc.record({ feature, enabled: fc.boolean() }).map(({ feature, enabled }) =>
  command(`a person meddles with ${feature}, wanted ${enabled}, whose write lands late`, async (stage) => {
    stage.person(feature)
    await stage.start({ ...plainly(stage, feature, enabled, 'meddled'), mishap: 'lands.late' })
  }),
)
const hasty = fc.record({ feature, enabled: fc.boolean() }).map(({ feature, enabled }) =>
  command(`${feature} is wanted ${enabled}, and the opposite before reads show it`, async (stage) => {
    const path = `/api/v2/license/toggles/${feature}`
    // Where a toggle POST writes nothing, a stale read would show more than the last write.
    if (stage.isSwitching)
      stage.world.org.addFaults([{ match: { method: 'POST', path }, do: { staleReadMs: STALENESS_MS } }])
    await stage.start(plainly(stage, feature, enabled, 'hasty'))
    await stage.start(plainly(stage, feature, !enabled, 'hasty'))
  }),
)

function plainly({ world, keyed }: Stage, featureName: string, enabled: boolean, how: string): Work {
  const what = `${how}.${featureName}.${enabled}`
  const caller = keyed({ actor: ANA, operation: 'request', idempotencyKey: what })
  const run: Work['run'] = (bench) =>
    world.changes(caller, bench).request({ kind: 'toggle', featureName, enabled })
  return { what, crash: undefined, mishap: undefined, isAwaited: true, run }
}

const keyless = fc.record({ feature, fate }).map(({ feature, fate }) =>
  working(
    `switch ${feature}`,
    fate,
    ({ world }) =>
      (bench) =>
        world.changes({ actor: ANA, operation: 'switch' }, bench).switchToggle(feature),
  ),
)

const batch = fc
  .record({
    users: fc.subarray([0, 1, 2], { minLength: 1 }),
    isGift: fc.boolean(),
    n: fc.nat(1),
    fate,
  })
  .map(({ users, isGift, n, fate }) => {
    const what = `${isGift ? 'give' : 'take'}.${users.join('.')}`
    return working(`${what} ${n}`, fate, ({ world, keyed }) => {
      const people = world.org.people(3).map(({ id }) => id)
      const ids = users.flatMap((index) => people[index] ?? [])
      const assignment = {
        licenseId: 'wallboardUser',
        userIdsAdd: isGift ? ids : [],
        userIdsRemove: isGift ? [] : ids,
      }
      const caller = keyed({ actor: ANA, operation: 'assign', idempotencyKey: `${what}.${n}` })
      return (bench) => world.changes(caller, bench).assign({ assignments: [assignment] })
    })
  })

const event = fc.record({ n: fc.nat(1), fate }).map(({ n, fate }) =>
  working(`event ${n}`, fate, ({ keyed }) => {
    const source = 'ops.tools'
    keyed({ actor: { kind: 'event', id: source }, operation: 'flipToggle', idempotencyKey: `event-${n}` })
    const delivered = {
      id: `event-${n}`,
      source,
      'detail-type': 'License Toggle Requested',
      time: NOON,
      detail: { featureName: features[n], enabled: n === 0 },
    }
    const deadLetters = { put: (_: unknown, why: string) => Promise.reject(new Error(why)) }
    return (bench) => flipToggle({ bench, deadLetters }, delivered)
  }),
)

const which = fc.nat(5)

const cancel = fc.record({ which, fate }).map(({ which, fate }) =>
  working(`cancel the change ${which}`, fate, ({ known }) => {
    const changeId = known[which % known.length]
    if (changeId === undefined) return undefined
    return (bench) => new RecordKeeper(bench, () => ({ actor: ANA, operation: 'cancel' })).cancel(changeId)
  }),
)

const undo = fc.record({ which, fate }).map(({ which, fate }) =>
  working(`undo the change ${which}`, fate, ({ world, known, keyed }) => {
    const changeId = known[which % known.length]
    if (changeId === undefined) return undefined
    const caller = keyed({ actor: ANA, operation: 'undo', idempotencyKey: `undo-${changeId}` })
    return (bench) => world.changes(caller, bench).undo(changeId)
  }),
)

const later = fc
  .record({
    ms: fc.constantFrom(0, STALENESS_MS, LATE_MS, INVOCATION_LIFE_MS, QUIET_MS, 2 * 60_000, 3_600_000),
    fate,
  })
  .map(({ ms, fate }) =>
    working(`tick ${ms} ms later`, fate, ({ world }) => {
      world.clock.advance(ms)
      return (bench) => tick(bench, async () => bench)
    }),
  )

const person = feature.map((featureName) =>
  command(`a person switches ${featureName}`, async (stage) => stage.person(featureName)),
)

const count = fc
  .boolean()
  .map((isReadAnew) =>
    command(`somebody counts${isReadAnew ? ' anew' : ''}`, async (stage) => stage.count(isReadAnew)),
  )

const togglePath = feature.map((name) => `/api/v2/license/toggles/${name}`)
const batchPath = fc.constant('/api/v2/license/organization')

const hindrance = fc.constantFrom<OrgFault['do']>(
  { reset: true },
  { status: 500 },
  { status: 503 },
  { status: 429, headers: { 'Retry-After': '1' } },
)
const applied = fc.constant<OrgFault['do']>({ applyThenReset: true })
const stale = fc.constant<OrgFault['do']>({ staleReadMs: STALENESS_MS })

/** @param isSwitching whether a toggle POST writes. */
function faults(isSwitching: boolean): fc.Arbitrary<Command> {
  const write = fc.record({
    method: fc.constant('POST'),
    path: fc.oneof(togglePath, batchPath),
  })
  const read = fc.oneof(
    togglePath.map((path) => ({ method: 'GET', path })),
    fc.constant({ method: 'POST', path: '/api/v2/license/users' }),
  )
  const fault: fc.Arbitrary<OrgFault> = fc.oneof(
    fc.record({ match: write, do: fc.oneof(hindrance, applied) }),
    fc.record({
      match: isSwitching ? write : batchPath.map((path) => ({ method: 'POST', path })),
      do: stale,
    }),
    fc.record({ match: read, do: hindrance, times: fc.integer({ min: 1, max: 4 }) }),
  )
  return fault.map((each) =>
    command(`upstream: ${JSON.stringify(each)}`, async ({ world }) => world.org.addFaults([each])),
  )
}

export function commandsOf(toggles: 'legacy' | 'current'): fc.Arbitrary<Iterable<Command>> {
  const faulty = faults(toggles === 'legacy')
  const sound = [request, request, keyless, batch, event, cancel, undo, later, later, later, count]
  const trouble = [meddled, hasty, person, person, faulty, faulty]
  return fc.commands([...sound, ...trouble], { maxCommands: MAX_COMMANDS, size: 'max' })
}
