/**
 * One function behind both webhooks and the bus. Enters what was typed or pressed, or what became of a change; leaves
 * a reply there. Start reading here: webhook/ is how it came, slack/ and teams/ know their platform, conversation/
 * answers without knowing either, and grammar/ reads lines.
 */
import type { ChatWork, WebhookAnswer } from './conversation/chat-platform.ts'
import { isChangeEvent, tellChange } from './tell-change.ts'
import { isScheduleEvent, tellSchedule } from './tell-schedule.ts'
import { isNoticeEvent, tellSeats } from './tell-seats.ts'
import { isSwitchEvent, tellWrites } from './tell-writes.ts'
import { queuedIn } from './webhook/read-queued.ts'

/**
 * @param event Slack's delivery or a change's event from the bus, or Teams' delivery by invocation.
 * @returns what Teams' webhook is answered with; nothing to the others.
 * @throws Error for what a retry may do better; a delivery that was begun is never begun again.
 */
export async function runCommand(work: ChatWork, event: unknown): Promise<WebhookAnswer> {
  if (isChangeEvent(event)) {
    await tellChange(work, event)
    return {}
  }
  if (isSwitchEvent(event)) {
    await tellWrites(work, event)
    return {}
  }
  if (isScheduleEvent(event)) {
    await tellSchedule(work, event)
    return {}
  }
  if (isNoticeEvent(event)) {
    await tellSeats(work, event)
    return {}
  }
  const queued = queuedIn(event)
  if (!queued) {
    work.log.noteRefusal({ deliveryId: 'none', platform: 'slack' }, 'it is no delivery of Slack')
    return {}
  }
  const { slack, teams } = work.platforms
  return queued.platform === 'slack' ? await slack.answer(work, queued) : await teams.answer(work, queued)
}
