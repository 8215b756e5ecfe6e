/** One function behind both webhooks and the bus: what was typed or pressed, and what became of changes. */

import type { ChatWork } from './chat-work.ts'
import { runSlackCommand } from './slack/command.ts'
import { type Returned, runTeamsCommand } from './teams/command.ts'
import { isChangeEvent, tellChange } from './tell-change.ts'
import { Queued } from './webhook/queued.ts'

/**
 * @param event Slack's delivery or a change's event from the bus, or Teams' delivery by invocation.
 * @returns what Teams' webhook is answered with; nothing to the others.
 * @throws Error for what a retry may do better; a delivery that was begun is never begun again.
 */
export async function runCommand(work: ChatWork, event: unknown): Promise<Returned> {
  if (isChangeEvent(event)) {
    await tellChange(work, event)
    return {}
  }
  const queued = Queued.safeParse(event)
  if (queued.data?.platform === 'teams') return await runTeamsCommand(work, queued.data)
  await runSlackCommand(work, event)
  return {}
}
