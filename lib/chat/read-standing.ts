/** What whoever tells of a change needs of it: how it stands, where that is told, and in which time zone. */
import type { Asked, Header } from '../changes/model/header.ts'
import { nameChange } from '../changes/name-parties.ts'
import { readShownChange } from '../changes/read-shown-change.ts'
import { readNamesIn } from './conversation/asking/find-named.ts'
import type { ChatWork } from './conversation/chat-platform.ts'
import type { ReplyPlace } from './conversation/deliver-reply.ts'
import type { ShownChange } from './conversation/words/change-facts.ts'

export async function readShown(
  { desk, openBench }: ChatWork,
  header: Header,
  timeZone: string,
): Promise<ShownChange & { readonly nowMs: number }> {
  const change = nameChange(desk.policy, await readShownChange(desk, header))
  const users = await readNamesIn({ bench: openBench }, change)
  return { change, users, timeZone, nowMs: desk.clock.nowMs() }
}

/** Places of one chat, the best first: one of them is to be told. */
export interface Audience {
  readonly platform: Asked['platform']
  readonly places: readonly ReplyPlace[]
  /** Of whoever hears it there. */
  readonly timeZone: string
}

/** Whoever asked for it in chat is told there. @returns none where it was asked for elsewhere, or nothing can be posted. */
export async function askerOf(work: ChatWork, header: Header): Promise<readonly Audience[]> {
  const { asked, undoes } = header
  // What takes a change back, by itself or over HTTP, is told where that one was asked for.
  const from = asked ?? (undoes === undefined ? undefined : (await work.desk.ledger.get(undoes))?.asked)
  const places = from ? work.platforms[from.platform].placesOf(from) : []
  return from && places.length > 0
    ? [{ platform: from.platform, places, timeZone: zoneOf(work, header) }]
    : []
}

/** Those who asked, else each chat's channel for notices: what concerns more people than whoever asked. */
export async function askerOrChannelsOf(work: ChatWork, header: Header): Promise<readonly Audience[]> {
  const asker = await askerOf(work, header)
  if (asker.length > 0) return asker
  return (['slack', 'teams'] as const).flatMap((platform) => {
    const { notices } = work.platforms[platform]
    // Many read it, in zones of their own.
    return notices ? [{ platform, places: [notices], timeZone: 'UTC' }] : []
  })
}

/** Of whoever asked for it. */
function zoneOf({ desk }: ChatWork, { actor: { person } }: Header): string {
  return (person === undefined ? undefined : desk.policy.people[person]?.timeZone) ?? 'UTC'
}
