/** One change in the list: a line that unfolds to its record. */
import type { Change } from '../../../../../lib/changes/answers/change-schemas.ts'
import type { Choice } from '../choice.ts'
import { button, element } from '../dom.ts'
import { timeSince, wholeTime } from '../times.ts'
import { failureOf, stateChip, whoOf } from './change-words.ts'
import { decisionRow, mayDecide } from './deciding.ts'

export interface EntryOptions {
  /** What to show under a change when it is unfolded. */
  readonly details: (changeId: string) => Promise<readonly Node[]>
  /** The id was pressed. */
  readonly onAsked: (changeId: string) => void
  /** Something was decided about it here. */
  readonly onDecided: () => void
}

export interface ChangeEntry {
  readonly node: HTMLLIElement
  /** @param now ISO 8601. @param choice who looks. */
  update(change: Change, now: string, choice: Choice): void
}

export function changeEntry(id: string, { details, onAsked, onDecided }: EntryOptions): ChangeEntry {
  const what = element('span', { class: 'what' })
  const chip = element('span', { class: 'standing' })
  const when = element('time')
  const who = element('p', { class: 'who' })
  const why = element('p', { class: 'why' })
  const decisions = element('div')
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
    why,
    decisions,
    asks,
    record,
  )
  let shown = ''
  let offered = ''

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
    update(change, now, choice) {
      when.dateTime = change.updatedAt
      when.title = wholeTime(change.updatedAt)
      when.textContent = timeSince(change.updatedAt, now)
      const may = mayDecide(change, choice, now)
      const offers = JSON.stringify([change.updatedAt, choice.as, may])
      if (offers !== offered) {
        offered = offers
        const row = decisionRow({ change, may, role: choice.role, onDecided })
        decisions.replaceChildren(...(may.length > 0 ? [row] : []))
      }
      // What only waits longer is not moved, and yet says why.
      const standing = JSON.stringify([change.updatedAt, change.failure])
      if (standing === shown) return
      shown = standing
      chip.replaceChildren(stateChip(change.state))
      what.textContent = change.summary
      why.textContent = failureOf(change) ?? rejectionOf(change) ?? ''
      who.textContent =
        change.reason === undefined ? whoOf(change) : `${whoOf(change)}, because ${change.reason}`
      if (!record.hidden) void read()
    },
  }
}

function rejectionOf({ state, approval }: Change): string | undefined {
  return state === 'REJECTED' && approval?.reason !== undefined ? `Rejected: ${approval.reason}` : undefined
}
