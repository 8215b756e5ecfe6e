/** One change in the list: a line that unfolds to its record. */
import type { Change } from '../../../../lib/changes/models.ts'
import { stateChip, whatOf, whoOf } from './change-words.ts'
import { button, element } from './dom.ts'
import { timeSince, wholeTime } from './times.ts'

export interface EntryOptions {
  /** What to show under a change when it is unfolded. */
  readonly details: (changeId: string) => Promise<readonly Node[]>
  /** The id was pressed. */
  readonly onAsked: (changeId: string) => void
}

export interface ChangeEntry {
  readonly node: HTMLLIElement
  /** @param now ISO 8601. */
  update(change: Change, now: string): void
}

export function changeEntry(id: string, { details, onAsked }: EntryOptions): ChangeEntry {
  const what = element('span', { class: 'what' })
  const chip = element('span', { class: 'standing' })
  const when = element('time')
  const who = element('p', { class: 'who' })
  const record = element('div', { class: 'record', id: `record-${id}` })
  record.hidden = true
  const unfold = button('', { class: 'unfold', 'aria-expanded': 'false', 'aria-controls': record.id }, toggle)
  unfold.append(what)
  const asks = button(id, { class: 'id', title: `Put /license change ${id} into the box` }, () => onAsked(id))
  const node = element(
    'li',
    { class: 'change', 'data-id': id },
    element('div', { class: 'line' }, chip, when),
    unfold,
    who,
    asks,
    record,
  )
  let updatedAt = ''

  function toggle(): void {
    record.hidden = !record.hidden
    unfold.setAttribute('aria-expanded', String(!record.hidden))
    if (!record.hidden) void read()
  }

  async function read(): Promise<void> {
    if (record.childElementCount === 0) record.replaceChildren(element('p', { class: 'note' }, 'Reading…'))
    record.replaceChildren(...(await details(id)))
  }

  return {
    node,
    update(change, now) {
      when.dateTime = change.updatedAt
      when.title = wholeTime(change.updatedAt)
      when.textContent = timeSince(change.updatedAt, now)
      if (change.updatedAt === updatedAt) return
      updatedAt = change.updatedAt
      chip.replaceChildren(stateChip(change.state))
      what.textContent = whatOf(change)
      who.textContent =
        change.reason === undefined ? whoOf(change) : `${whoOf(change)}, because ${change.reason}`
      if (!record.hidden) void read()
    },
  }
}
