/** Where Slack lets an app answer what was typed or pressed: for half an hour, and five times. */
import { randomBytes } from 'node:crypto'
import type { Member } from '../members.ts'
import { SLACK } from '../places.ts'

/** Source: docs.slack.dev, "Handling user interaction in your Slack apps". */
const LIVES_MS = 30 * 60_000
const MAX_POSTS = 5

/** What an answer belongs to. */
export interface Answerable {
  readonly member: Member
  readonly channelId: string
  /** What was typed or pressed. */
  readonly said: string
  /** The message whose button was pressed. */
  readonly messageId?: string
}

export interface ResponseUrls {
  make(answerable: Answerable): string
  /** Uses one post up. @returns Slack's word for it where the URL takes no more. */
  use(path: string): Answerable | 'expired_url' | 'used_url'
}

/** @param now epoch milliseconds. @param origin the stand-in's own, asked for when a URL is made. */
export function responseUrls(now: () => number, origin: () => string): ResponseUrls {
  const made = new Map<string, { readonly answerable: Answerable; readonly untilMs: number; posts: number }>()
  return {
    make(answerable) {
      const path = `/commands/${SLACK.team}/${made.size + 1}/${randomBytes(12).toString('hex')}`
      made.set(path, { answerable, untilMs: now() + LIVES_MS, posts: 0 })
      return `${origin()}${path}`
    },
    use(path) {
      const url = made.get(path)
      if (!url || now() > url.untilMs) return 'expired_url'
      if (url.posts === MAX_POSTS) return 'used_url'
      url.posts += 1
      return url.answerable
    },
  }
}
