/** What the gateway says to programs, as a person reads it in chat or on the page: their own time, names, states in words. Pure. */
import type { Change } from '../change-schemas.ts'

/** How each state reads behind `is`. */
const states: Readonly<Record<Change['state'], string>> = {
  PLANNING: 'being planned',
  INVALID: 'over (rows of it are bad)',
  PLANNED: 'planned',
  AWAITING_APPROVAL: 'waiting for an approver',
  APPROVED: 'approved and waits for its time',
  CLAIMED: 'under way',
  SENT: 'under way',
  UNKNOWN: 'not known for sure yet',
  RUNNING: 'under way',
  PAUSED: 'paused',
  APPLIED: 'done',
  PARTIAL: 'done in part',
  NO_EFFECT: 'over (without an effect)',
  FAILED: 'over (it failed)',
  NEEDS_ATTENTION: 'in need of a person to look',
  NOOP: 'over (everything was so already)',
  REJECTED: 'rejected',
  EXPIRED: 'over (it came too late)',
  CANCELLED: 'called off',
  SUPERSEDED: 'over (something newer decided)',
}

const STATE = new RegExp(`(?<=\\b(?:is|as|or) )(${Object.keys(states).join('|')})\\b`, 'g')
const INSTANT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z/g
const USER = /\b(?:the )?user ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g

/** What programs alone can heed, and what of a question goes without saying. */
const FOR_PROGRAMS = [
  /,? with (?:the same Idempotency-Key|an Idempotency-Key of its own,?)/g,
  / as confirmPeople in the body or in chat(?= behind)/g,
  /,? and nothing was sent(?=; try again$)/g,
]

export interface PlainReader {
  /** A time in their zone, from epoch milliseconds. */
  readonly timeTextOf: (atMs: number) => string
  /** What a user is called; where nobody knows, the sentence stays as it is. */
  readonly nameOf?: (userId: string) => string | undefined
}

/** A sentence of an error or a record. */
export function sayPlainly(sentence: string, { timeTextOf, nameOf = () => undefined }: PlainReader): string {
  return FOR_PROGRAMS.reduce((said, each) => said.replace(each, ''), sentence)
    .replace(INSTANT, (instant) => {
      const atMs = Date.parse(instant)
      return Number.isNaN(atMs) ? instant : timeTextOf(atMs)
    })
    .replace(USER, (whole, id: string) => nameOf(id) ?? whole)
    .replace(STATE, (state) => (isState(state) ? states[state] : state))
}

function isState(word: string): word is Change['state'] {
  return Object.hasOwn(states, word)
}
