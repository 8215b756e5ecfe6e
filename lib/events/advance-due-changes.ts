/** The tick as a function: what time does to changes, once a minute. */
import { tick } from '../changes/tick.ts'
import type { Desk, Workbench } from '../changes/work.ts'
import type { Deadline } from '../clock.ts'

export interface TickWork {
  readonly desk: Desk
  readonly deadline: Deadline
  /** @param within the invocation's own deadline where nothing is said. */
  readonly openBench: (within?: Deadline) => Promise<Workbench>
}

/** @throws GatewayError where it could not run, which the alarm on missing ticks turns into a mail. */
export async function advanceDueChanges({ desk, deadline, openBench }: TickWork): Promise<void> {
  desk.log.ticked(await tick(desk, openBench, deadline))
}
