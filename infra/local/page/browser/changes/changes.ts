/** The newest changes, as the gateway's own API lists them, while somebody looks. */
import type { Change, ChangeListing } from '../../../../../lib/changes/answers/change-schemas.ts'
import type { Writes } from '../../../../../lib/changes/answers/write-schemas.ts'
import { ask, sentenceOf, Unanswered } from '../asking.ts'
import type { Choice } from '../choice.ts'
import { byId, element } from '../dom.ts'
import { peopleNames } from '../people.ts'
import { session } from '../session.ts'
import { pause, visible } from '../waiting.ts'
import { changeDetails, pauseNotice, usersIn } from './change-details.ts'
import { type ChangeEntry, changeEntry } from './change-entry.ts'

const SHOWN = 20
/** Changes are also made elsewhere: over the API, by events and schedules. Milliseconds. */
const EVERY_MS = 2_000

export interface ChangesOptions {
  /** Who looks. */
  readonly choice: () => Choice
  /** An id was pressed. */
  readonly onAsked: (changeId: string) => void
}

export function changesPanel({ choice, onAsked }: ChangesOptions) {
  const list = byId('change-list', HTMLOListElement)
  const none = byId('no-changes', HTMLElement)
  const paused = byId('writes-paused', HTMLElement)
  const trouble = byId('changes-trouble', HTMLElement)
  const entries = new Map<string, ChangeEntry>()
  const called = peopleNames()
  let wake = () => {}

  async function details(id: string): Promise<readonly Node[]> {
    try {
      const { tokens } = await session()
      const change: Change = await ask(`/v1/changes/${id}`, { token: tokens.viewer })
      return changeDetails(change, await called(usersIn(change), tokens.viewer))
    } catch (error) {
      return [element('p', { class: 'note' }, sentenceOf(error))]
    }
  }

  async function refresh(): Promise<void> {
    const { tokens, now } = await session()
    const { entities }: ChangeListing = await ask(`/v1/changes?limit=${SHOWN}`, { token: tokens.viewer })
    const writes: Writes = await ask('/v1/writes', { token: tokens.viewer })
    const notice = pauseNotice(writes)
    if (paused.textContent !== notice) paused.textContent = notice
    paused.hidden = notice === ''
    const ids = new Set(entities.map(({ id }) => id))
    for (const [id, { node }] of entries) {
      if (ids.has(id)) continue
      node.remove()
      entries.delete(id)
    }
    entities.forEach((change, index) => {
      const entry =
        entries.get(change.id) ?? changeEntry(change.id, { details, onAsked, onDecided: () => wake() })
      entries.set(change.id, entry)
      entry.update(change, now, choice())
      if (list.children[index] !== entry.node) list.insertBefore(entry.node, list.children[index] ?? null)
    })
    none.hidden = entities.length > 0
  }

  async function run(): Promise<never> {
    for (;;) {
      await visible()
      try {
        await refresh()
        trouble.hidden = true
      } catch (error) {
        trouble.hidden = false
        // That there are no answers at all is told above already.
        trouble.textContent = error instanceof Unanswered ? 'Not up to date.' : sentenceOf(error)
      }
      await Promise.race([pause(EVERY_MS), new Promise<void>((resolve) => (wake = resolve))])
    }
  }

  return {
    run,
    /** Something has happened: look at once. */
    nudge: () => wake(),
  }
}
