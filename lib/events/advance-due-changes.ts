/** The tick as a function: what time does to changes, once a minute. */
import { tick } from '../changes/tick.ts'
import type { Desk, Workbench } from '../changes/work.ts'

export interface TickWork {
  readonly desk: Desk
  readonly openBench: () => Promise<Workbench>
}

/** @throws GatewayError where it could not run, which the alarm on missing ticks turns into a mail. */
export async function advanceDueChanges({ desk, openBench }: TickWork): Promise<void> {
  const { advanced, failed } = await tick(desk, openBench)
  desk.log.ticked(advanced, failed)
}
