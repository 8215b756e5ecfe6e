/**
 * What a person's client asks of the chats: under /__chat at the gateway's own address, for the page and `npm run chat`.
 * Nothing here asks who is asking, so it answers this machine's own pages and programs alone.
 */
import { setTimeout } from 'node:timers/promises'
import * as z from 'zod/mini'
import { jsonOf } from '../../../lib/json.ts'
import type { SiteAnswer, SiteRequest } from '../gateway/site.ts'
import { NotThere, type Workspace } from './workspace.ts'

/** Longest a request waits for something new, milliseconds. */
const MAX_WAIT_MS = 25_000

const platform = z.enum(['slack', 'teams'])
const Say = z.strictObject({ platform, as: z.string(), line: z.string().check(z.maxLength(20_000)) })
const Press = z.strictObject({
  as: z.string(),
  label: z.string(),
  messageId: z.optional(z.string()),
})
const Refuse = z.strictObject({
  call: z.enum(['response_url', 'chat.postMessage', 'chat.update', 'users.info', 'workflow']),
  /** Slack's word for it. */
  error: z.optional(z.string()),
  times: z.optional(z.int().check(z.minimum(1))),
})
const Look = z.object({
  platform,
  as: z.string(),
  since: z.optional(z.coerce.number().check(z.int(), z.minimum(0))),
  waitMs: z.optional(z.coerce.number().check(z.minimum(0), z.maximum(MAX_WAIT_MS))),
  until: z._default(z.enum(['news', 'rest']), 'news'),
})

/** @param delivered resolves when nothing is being delivered any more, and so nothing more is answered. */
export function chatFront(workspace: Workspace, delivered: () => Promise<void>) {
  const untilRest = (waitMs: number) =>
    Promise.race([delivered(), setTimeout(waitMs, undefined, { ref: false })])

  const routes: Readonly<Record<string, (request: SiteRequest) => Promise<unknown>>> = {
    'GET /__chat/members': async () => ({ people: workspace.members.people }),
    async 'GET /__chat/messages'({ query }) {
      const { platform, as, since = 0, waitMs = 0, until } = Look.parse(Object.fromEntries(query))
      await (until === 'rest' ? untilRest(waitMs) : workspace.changed(since, waitMs))
      return workspace.seen(platform, as, since)
    },
    async 'POST /__chat/say'({ body }) {
      const { platform, as, line } = Say.parse(jsonOf(body))
      return { id: await workspace.say(platform, as, line) }
    },
    async 'POST /__chat/refuse'({ body }) {
      const { call, error, times } = Refuse.parse(jsonOf(body))
      workspace.refuse(call, error, times)
      return { call }
    },
    async 'POST /__chat/press'({ body }) {
      const { as, label, messageId } = Press.parse(jsonOf(body))
      return { id: await workspace.press(as, label, messageId) }
    },
  }

  /** @returns undefined for what is no route of this. */
  return async (request: SiteRequest): Promise<SiteAnswer | undefined> => {
    const route = routes[`${request.method} ${request.path}`]
    if (!route) return undefined
    try {
      return json(200, await route(request))
    } catch (error) {
      if (error instanceof NotThere) return json(404, { message: error.message })
      if (error instanceof z.core.$ZodError) return json(400, { message: z.prettifyError(error) })
      throw error
    }
  }
}

function json(status: number, body: unknown): SiteAnswer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}
