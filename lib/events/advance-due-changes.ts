/** The tick as a function: what time does to changes, once a minute. */
import { tick } from '../changes/carry-out/tick.ts'
import type { Desk, Workbench } from '../changes/record/desk.ts'
import type { Deadline } from '../clock.ts'

export interface ApplyingWork {
  readonly desk: Desk
  readonly deadline: Deadline
  /** @param within the invocation's own deadline where nothing is said. */
  readonly openBench: (within?: Deadline) => Promise<Workbench>
}

export interface TickWork extends ApplyingWork {
  /** Tells how old the access tokens are; it never rejects, and takes seconds at most. */
  readonly watchTokens: () => Promise<void>
}

/** @throws GatewayError where it could not run, which the alarm on missing ticks turns into a mail. */
export async function advanceDueChanges({ desk, deadline, openBench, watchTokens }: TickWork): Promise<void> {
  const watched = watchTokens()
  try {
    desk.log.noteTick(await tick(desk, openBench, deadline))
  } finally {
    await watched
  }
}
