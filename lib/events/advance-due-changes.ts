/** The tick as a function: what time does to changes, once a minute. */
import { tick } from '../changes/tick.ts'
import type { Desk, Workbench } from '../changes/work.ts'

export interface ApplyingWork {
  readonly desk: Desk
  readonly openBench: () => Promise<Workbench>
}

export interface TickWork extends ApplyingWork {
  /** Tells how old the access tokens are; it never rejects, and takes seconds at most. */
  readonly watchTokens: () => Promise<void>
}

/** @throws GatewayError where it could not run, which the alarm on missing ticks turns into a mail. */
export async function advanceDueChanges({ desk, openBench, watchTokens }: TickWork): Promise<void> {
  const watched = watchTokens()
  try {
    const { advanced, failed } = await tick(desk, openBench)
    desk.log.ticked(advanced, failed)
  } finally {
    await watched
  }
}
