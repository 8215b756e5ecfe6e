/** One event of the bus, delivered again and again, as many at a time as EventBridge would have at work. */
import { deepEqual } from 'node:assert/strict'
import { flipToggle } from '../../../../lib/events/flip-toggle.ts'
import { allChanges, type ChangeWorld } from '../../../support/changes/change-world.ts'
import { NOON } from '../../../support/fake-clock.ts'
import { benchBehind } from '../gate.ts'
import { sharedTime } from '../shared-time.ts'

const WORKERS = 20
const FEATURE = 'concurrentLicensing'

const event = {
  version: '0',
  id: '0b6f1f4e-5d6b-4a68-8a3f-0a6f2f7d8f10',
  'detail-type': 'License Toggle Requested',
  source: 'ops.tools',
  account: '123456789012',
  time: NOON,
  region: 'us-east-1',
  resources: [],
  detail: { featureName: FEATURE, enabled: true, reason: 'Night shift' },
}

/** @throws AssertionError where they are not one change and one POST. */
export async function deliverOften(
  world: ChangeWorld,
  times: number,
  isOver: () => boolean = () => false,
): Promise<void> {
  const { clock, gate } = sharedTime(world)
  const dead: string[] = []
  const deadLetters = {
    put: async (_: unknown, why: string) => {
      dead.push(why)
    },
  }
  let left = times
  const worker = async () => {
    const bench = benchBehind(world, gate, { clock })
    while (left-- > 0 && !isOver()) await flipToggle({ bench, deadLetters }, event)
  }
  await Promise.all(Array.from({ length: WORKERS }, worker))

  deepEqual(dead, [])
  const changes = await allChanges(world)
  deepEqual(
    changes.map(({ state }) => state),
    ['APPLIED'],
  )
  deepEqual([world.posts(), world.org.truth().toggles[FEATURE]], [1, true])
  // Deliveries that meet before it is noted as put may each put it: always the same one.
  deepEqual(new Set(world.told.map(({ detail }) => detail['eventId'])).size, 1)
}
