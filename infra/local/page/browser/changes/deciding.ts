/** What whoever sits before the page may do about a change: buttons, and a second step where one is due. */

import type { Change } from '../../../../../lib/changes/answers/change-schemas.ts'
import type { Decidable } from '../../../../../lib/changes/answers/decision-schemas.ts'
import { offerDecisions } from '../../../../../lib/changes/answers/offer-decisions.ts'
import { ask, Refused, sentenceOf } from '../asking.ts'
import type { Choice } from '../choice.ts'
import { button, element } from '../dom.ts'
import { session } from '../session.ts'

type Pressable = Exclude<Decidable, 'settle' | 'keep'>

const labels: Readonly<Record<Pressable, readonly [label: string, style: string]>> = {
  apply: ['Confirm', 'primary'],
  cancel: ['Cancel', 'plain'],
  approve: ['Approve', 'primary'],
  reject: ['Reject', 'danger'],
  undo: ['Undo', 'plain'],
  retry: ['Retry', 'primary'],
  extend: ['Extend by a day', 'plain'],
  end: ['End now', 'plain'],
  pause: ['Pause', 'plain'],
  resume: ['Resume', 'primary'],
}

/** The gateway's three tokens are those of the three people that it makes itself; others decide in chat. */
export function mayDecide(
  change: Change,
  { as, role }: Pick<Choice, 'as' | 'role'>,
  now: string,
): Pressable[] {
  if (as !== `local-${role}`) return []
  const actor = { kind: 'jwt', id: as, person: as } as const
  const isPressable = (each: Decidable): each is Pressable =>
    each === 'retry' ? change.list !== undefined : each !== 'settle' && each !== 'keep'
  return offerDecisions(change, { role, actor }, Date.parse(now)).filter(isPressable)
}

export interface Deciding {
  readonly change: Change
  readonly may: readonly Pressable[]
  readonly role: Choice['role']
  /** Something was decided, or was not after all. */
  readonly onDecided: () => void
}

/** @returns a row of buttons, with a place for what went wrong. */
export function decisionRow({ change, may, role, onDecided }: Deciding): HTMLElement {
  const trouble = element('p', { class: 'trouble', role: 'alert' })
  trouble.hidden = true
  const row = element('div', { class: 'decisions' })

  function offer(): void {
    row.replaceChildren(...may.map((each) => made(each, () => chosen(each))), trouble)
  }

  function chosen(act: Pressable): void {
    if (act === 'reject') askWhy()
    else if (act === 'undo') askAgain()
    else if ((act === 'apply' || act === 'approve') && change.impact?.massRemovals !== undefined)
      askCount(act)
    else void decide(act)
  }

  function made(act: Pressable, onClick: () => void): HTMLButtonElement {
    const [label, style] = labels[act]
    return button(label, { class: style }, onClick)
  }

  function askWhy(): void {
    const why = element('input', { type: 'text', maxlength: '500', 'aria-label': 'Why it is rejected' })
    why.placeholder = 'Why, if you like'
    const form = element(
      'form',
      {},
      why,
      element('button', { type: 'submit', class: 'danger' }, 'Reject'),
      back(),
    )
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const reason = why.value.trim()
      void decide('reject', reason === '' ? {} : { reason })
    })
    row.replaceChildren(form, trouble)
    why.focus()
  }

  /** Over the API it is carried out at once. */
  function askAgain(): void {
    const sure = button('Take it back now', { class: 'danger' }, () => {
      if (gaveToMany(change)) askCount('undo')
      else void decide('undo')
    })
    row.replaceChildren(sure, back(), trouble)
    sure.focus()
  }

  /** What takes a license from many goes ahead for whoever types back how many people it changes. */
  function askCount(act: Pressable): void {
    const count = element('input', {
      type: 'number',
      min: '0',
      required: '',
      'aria-label': 'How many people',
    })
    count.placeholder = 'How many people it changes'
    const form = element('form', {}, count, element('button', { type: 'submit' }, labels[act][0]), back())
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void decide(act, { ...bodyOf(act), confirmPeople: count.valueAsNumber })
    })
    row.replaceChildren(element('p', {}, removalText(act, change)), form, trouble)
    count.focus()
  }

  function back(): HTMLButtonElement {
    return button('Not now', { class: 'plain' }, () => {
      offer()
      row.querySelector('button')?.focus()
    })
  }

  async function decide(act: Pressable, said: object | undefined = bodyOf(act)): Promise<void> {
    const all = [...row.querySelectorAll('button')]
    for (const each of all) each.disabled = true
    trouble.hidden = true
    try {
      const { tokens } = await session()
      await ask(`/v1/changes/${change.id}/${act}`, {
        token: tokens[role],
        idempotencyKey: crypto.randomUUID(),
        ...(said === undefined ? {} : { body: said }),
      })
      offer()
    } catch (error) {
      trouble.textContent = sentenceOf(error)
      trouble.hidden = false
      for (const each of all) each.disabled = false
      if (error instanceof Refused && error.code === 'change.people.unconfirmed') askCount(act)
    }
    onDecided()
  }

  function bodyOf(act: Pressable): object | undefined {
    if (act === 'extend') return { revertAt: dayLater(change.revert?.dueAt ?? '') }
    return act === 'apply' || act === 'approve' ? { digest: change.digest } : undefined
  }

  offer()
  return row
}

const DAY_MS = 86_400_000

function dayLater(iso: string): string {
  return new Date(Date.parse(iso) + DAY_MS).toISOString()
}

/** Whether taking it back may ask for the count: the gateway knows who holds what, and says so where it does. */
function gaveToMany({ desired }: Change): boolean {
  return 'gives' in desired && (desired.gives ?? []).some(({ users }) => users > 20)
}

function removalText(act: Pressable, { impact }: Change): string {
  if (act === 'undo' || impact === undefined) return 'This may take a license from many.'
  const taken = (impact.massRemovals ?? []).map(({ licenseId, people, holders }) => {
    const of = holders === undefined ? '' : ` of the ${holders} who hold it`
    return `${licenseId} from ${people} people${of}`
  })
  return `This takes ${taken.join(', ')}, and changes ${impact.people} people in all.`
}
