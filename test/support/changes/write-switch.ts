/** An approver at the stop switch. */
import { BO, type ChangeWorld } from './change-world.ts'

/** Another approver. */
export const CY: typeof BO = { kind: 'jwt', id: 'cy' }

export const switchAs = (world: ChangeWorld, idempotencyKey: string, actor = BO) =>
  world.records({ actor, operation: 'putWrites', idempotencyKey })
export const pause = (world: ChangeWorld, key = 'p1') =>
  switchAs(world, key).setWrites({ state: 'paused', reason: 'Genesys is being moved' })
export const resume = (world: ChangeWorld, key = 'r1') => switchAs(world, key).setWrites({ state: 'running' })
