/** What the gateway says to programs, as a person in chat reads it: their own time, names, states in words. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { nameOf } from '../../../people/find-users.ts'
import type { User } from '../../../people/user.ts'
import { timeTextOf } from './times.ts'

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

interface Reader {
  readonly timeZone: string
  readonly users?: readonly User[]
}

/** A sentence of an error or a record. */
export function humanizeSentence(sentence: string, { timeZone, users = [] }: Reader): string {
  return FOR_PROGRAMS.reduce((said, each) => said.replace(each, ''), sentence)
    .replace(INSTANT, (instant) => {
      const atMs = Date.parse(instant)
      return Number.isNaN(atMs) ? instant : timeTextOf(atMs, timeZone)
    })
    .replace(USER, (whole, id: string) => {
      const user = users.find((each) => each.id === id)
      return user ? nameOf(user) : whole
    })
    .replace(STATE, (state) => (isState(state) ? states[state] : state))
}

function isState(word: string): word is Change['state'] {
  return Object.hasOwn(states, word)
}
