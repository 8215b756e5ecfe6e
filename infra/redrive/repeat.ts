/** What it is that was given up, which function carries it out, and what comes of repeating it now. */
import * as z from 'zod/mini'
import { CHAT_DELIVERED, CHAT_SOURCE } from '../../lib/chat/webhook/queued.ts'
import { EVENT_SOURCE, LATEST_SECONDS, TOGGLE_REQUESTED } from '../../lib/events/contract.ts'
import { type Letter, Turn } from './letter.ts'

export interface Repeat {
  /** In a line, with nothing that a person typed in chat. */
  readonly what: string
  /** What sending it back brings about. */
  readonly again: string
  /** The function that carries it out, by its file's name; undefined where it cannot be sent back. */
  readonly carriedOutBy: string | undefined
}

/** A Slack delivery is carried out up to 20 minutes late (lib/chat/slack/signature.ts). */
const CHAT_MINUTES = 20

const Toggle = z.object({
  'detail-type': z.literal(TOGGLE_REQUESTED),
  id: z.string(),
  source: z.string(),
  time: z.string(),
  detail: z.unknown(),
})
const ToggleDetail = z.object({
  featureName: z.optional(z.unknown()),
  enabled: z.optional(z.unknown()),
  notBefore: z.optional(z.string()),
  notAfter: z.optional(z.string()),
})
const Fired = z.object({ scheduleId: z.string(), scheduledTime: z.string() })
const Delivered = z.object({
  'detail-type': z.literal(CHAT_DELIVERED),
  source: z.literal(CHAT_SOURCE),
  detail: z.object({ platform: z.string(), deliveryId: z.string(), timestamp: z.optional(z.string()) }),
})
const Told = z.object({
  'detail-type': z.string(),
  source: z.literal(EVENT_SOURCE),
  detail: z.object({ change: z.object({ id: z.string() }) }),
})
/** Of the stop switch, and of seats. */
const Noticed = z.object({
  'detail-type': z.string(),
  source: z.literal(EVENT_SOURCE),
  detail: z.object({ eventId: z.string() }),
})

/** @param nowMs epoch milliseconds. */
export function repeatOf({ event, isCut }: Pick<Letter, 'event' | 'isCut'>, nowMs: number): Repeat {
  const repeat = wholeRepeatOf(event, nowMs)
  if (!isCut) return repeat
  return { ...repeat, again: 'a part of it is missing, so it can only be discarded', carriedOutBy: undefined }
}

function wholeRepeatOf(event: unknown, nowMs: number): Repeat {
  const toggle = Toggle.safeParse(event).data
  if (toggle) return toggleRepeat(toggle, nowMs)
  const fired = Fired.safeParse(event).data
  if (fired) return firingRepeat(fired, nowMs)
  const delivered = Delivered.safeParse(event).data
  if (delivered) return chatRepeat(delivered, nowMs)
  const told = Told.safeParse(event).data
  if (told) {
    return {
      what: `${told['detail-type']}, of the change ${told.detail.change.id}`,
      again: 'it is told in chat, once, and only where the change still stands so',
      carriedOutBy: 'run-command',
    }
  }
  const noticed = Noticed.safeParse(event).data
  if (noticed) {
    return {
      what: `${noticed['detail-type']}, event ${noticed.detail.eventId}`,
      again: 'it is told in chat, once, and of seats only where nothing newer has been told',
      carriedOutBy: 'run-command',
    }
  }
  const turn = Turn.safeParse(event).data
  if (turn) {
    return {
      what: `a turn of the list ${turn.changeId}`,
      again: 'it can only be discarded: while the list is under way, its next turn is asked for by itself',
      carriedOutBy: undefined,
    }
  }
  return {
    what: `nothing that the gateway knows: ${(JSON.stringify(event) ?? '').slice(0, 200)}`,
    again: 'it can only be discarded',
    carriedOutBy: undefined,
  }
}

function toggleRepeat({ id, source, time, detail }: z.output<typeof Toggle>, nowMs: number): Repeat {
  const { featureName, enabled, notBefore, notAfter } = ToggleDetail.safeParse(detail).data ?? {}
  const startMs = Math.max(Date.parse(time), Date.parse(notBefore ?? time))
  const endMs = notAfter === undefined ? startMs + LATEST_SECONDS * 1_000 : Date.parse(notAfter)
  return {
    what: `${TOGGLE_REQUESTED}: ${JSON.stringify(featureName)} ${JSON.stringify(enabled)}, from ${source}, event ${id}`,
    again: timedAgain(endMs, nowMs, "by the event's id", 'put a new event where it is still wanted'),
    carriedOutBy: 'flip-toggle',
  }
}

function firingRepeat({ scheduleId, scheduledTime }: z.output<typeof Fired>, nowMs: number): Repeat {
  const endMs = Date.parse(scheduledTime) + LATEST_SECONDS * 1_000
  const otherwise = 'ask for the change anew where it is still wanted'
  return {
    what: `the schedule ${scheduleId}, for ${scheduledTime}`,
    again: timedAgain(endMs, nowMs, 'by schedule and time', otherwise),
    carriedOutBy: 'fire-schedule',
  }
}

function timedAgain(endMs: number, nowMs: number, found: string, otherwise: string): string {
  if (!Number.isFinite(endMs)) return 'it is refused again: its time is none'
  const until = new Date(endMs).toISOString()
  return nowMs <= endMs
    ? `it is carried out until ${until}, as the same change as the first time, ${found}`
    : `its time was over at ${until}: it would end EXPIRED, with nothing sent to Genesys; ${otherwise}`
}

function chatRepeat({ detail }: z.output<typeof Delivered>, nowMs: number): Repeat {
  const sentMs = Number(detail.timestamp) * 1_000
  const isInTime = nowMs - sentMs <= CHAT_MINUTES * 60_000
  return {
    what: `a message in ${detail.platform}, delivery ${detail.deliveryId}`,
    again: isInTime
      ? 'it is carried out, unless it was begun before: then the person is told to look'
      : `nothing comes of it after ${CHAT_MINUTES} minutes: discard it, and have the person type it again`,
    carriedOutBy: 'run-command',
  }
}
