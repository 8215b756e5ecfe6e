/** Everything that can be said, as help shows it, and the verb that a line begins with. */
import { nearest } from '../../nearest.ts'
import { withoutInvisible, withoutJoiners } from '../../text.ts'
import type { LineToken } from './sections.ts'
import type { Verb } from './typed-command.ts'
import { explainOddity, quoteTyped, Unclear } from './unclear.ts'

interface VerbHelp {
  /** How a line with it is written: `<…>` stands for what is typed, `[…]` may be left out, `|` is either. */
  readonly usage: string
  /** One sentence. */
  readonly help: string
  /** Lines that are understood as they stand. */
  readonly examples: readonly string[]
  /** Words that people try for it. They are suggested, never obeyed. */
  readonly alsoCalled: readonly string[]
}

/** Everything that can be said, in the order in which help shows it. */
export const verbs: Readonly<Record<Verb, VerbHelp>> = {
  help: {
    usage: 'help [verb]',
    help: 'Shows what can be typed.',
    examples: ['help grant'],
    alsoCalled: ['commands', 'usage', '?', '-h', '--help'],
  },
  user: {
    usage: 'user <e-mail|name|@mention|id>',
    help: 'Shows which licenses somebody holds.',
    examples: ['user ana@example.com', 'user Ben Blanc'],
    alsoCalled: ['show', 'whois', 'person', 'licenses'],
  },
  who: {
    usage: 'who <license> [page]',
    help: 'Lists who holds a license, twenty to a page.',
    examples: ['who cloudCX3', 'who cloudCX3 2'],
    alsoCalled: ['holders', 'users'],
  },
  seats: {
    usage: 'seats [license]',
    help: 'Shows how many of each license are held and paid for, and since when it is over.',
    examples: ['seats', 'seats cloudCX3'],
    alsoCalled: ['seat', 'count', 'counts', 'billing'],
  },
  history: {
    usage: 'history <e-mail|name|@mention|id> [page]',
    help: 'Shows from when until when somebody held which license, and by what change, ten to a page.',
    examples: ['history ana@example.com', 'history ana@example.com 2'],
    alsoCalled: ['past', 'timeline'],
  },
  report: {
    usage: 'report [day|period]',
    help: 'Shows the figures of a billing period: this one, or the one that has a day, such as 2026-11-20.',
    examples: ['report', 'report 2026-11-20'],
    alsoCalled: ['reports', 'period', 'periods', 'month', 'invoice'],
  },
  definitions: {
    usage: 'definitions',
    help: 'Lists the licenses that there are.',
    examples: ['definitions'],
    alsoCalled: ['list'],
  },
  definition: {
    usage: 'definition <license>',
    help: 'Shows what a license brings and what it needs.',
    examples: ['definition cloudCX3'],
    alsoCalled: ['license', 'describe'],
  },
  infer: {
    usage: 'infer <role id…>',
    help: 'Shows which licenses roles need.',
    examples: ['infer ROLE'],
    alsoCalled: ['role', 'roles'],
  },
  toggle: {
    usage: 'toggle <feature> [on|off [at <time>] [for <duration>] [because …]]',
    help: 'Shows whether a feature is on, or switches it.',
    examples: ['toggle agentAssist', 'toggle agentAssist off at tomorrow 9:00 for 8h because of maintenance'],
    alsoCalled: ['feature', 'switch', 'enable', 'disable', 'turn'],
  },
  grant: {
    usage: 'grant <license> to <person…> [until <time>|for <duration>] [because …]',
    help: 'Gives a license to one or more people, for good or for a time.',
    examples: [
      'grant wallboardUser to ana@example.com because of the pilot',
      'grant cloudCX3 to ana@example.com, Ben Blanc until friday 18:00',
    ],
    alsoCalled: ['give', 'add', 'assign'],
  },
  revoke: {
    usage: 'revoke <license> from <person…> [because …]',
    help: 'Takes a license from one or more people.',
    examples: ['revoke wallboardUser from ana@example.com'],
    alsoCalled: ['remove', 'take', 'unassign'],
  },
  changes: {
    usage: 'changes [mine|open|due] [page]',
    help: 'Lists the latest changes: all, your own, or those that are not settled; “due” what is taken back within a week.',
    examples: ['changes open', 'changes mine 2'],
    alsoCalled: ['log', 'audit'],
  },
  change: {
    usage: 'change <id> [people [page]]',
    help: 'Shows one change: who, why, before, after, and what you may do about it.',
    examples: ['change 0sxc3xkbdye86dvn0jhf', 'change 0sxc3xkbdye86dvn0jhf people 2'],
    alsoCalled: ['status'],
  },
  results: {
    usage: 'results <id> [outcome] [page]',
    help: 'Shows what became of the people of a change, ten to a page: all of them, or those of one outcome, such as conflict.',
    examples: ['results 0sxc3xkbdye86dvn0jhf', 'results 0sxc3xkbdye86dvn0jhf not.applied 2'],
    alsoCalled: ['result', 'outcome', 'outcomes', 'progress'],
  },
  approvals: {
    usage: 'approvals',
    help: 'Lists the changes that wait for an approver.',
    examples: ['approvals'],
    alsoCalled: ['requests', 'approve', 'waiting'],
  },
  confirm: {
    usage: 'confirm <id> <people>',
    help: 'Lets a plan go ahead that takes a license from many: type how many people it changes.',
    examples: ['confirm 0sxc3xkbdye86dvn0jhf 120'],
    alsoCalled: ['apply', 'yes', 'proceed'],
  },
  reject: {
    usage: 'reject <id> [because …]',
    help: 'Rejects a change that waits for an approver.',
    examples: ['reject 0sxc3xkbdye86dvn0jhf because of the freeze'],
    alsoCalled: ['decline', 'refuse', 'deny'],
  },
  undo: {
    usage: 'undo <id> [because …]',
    help: 'Takes a change back.',
    examples: ['undo 0sxc3xkbdye86dvn0jhf because of a slip'],
    alsoCalled: ['revert', 'rollback'],
  },
  retry: {
    usage: 'retry <id>',
    help: 'Plans anew what of a change that has ended did not come about.',
    examples: ['retry 0sxc3xkbdye86dvn0jhf'],
    alsoCalled: ['again', 'repeat', 'redo', 'rerun'],
  },
  cancel: {
    usage: 'cancel <id>',
    help: 'Calls off what has not begun, the rest of a list, or that a change is taken back again.',
    examples: ['cancel 0sxc3xkbdye86dvn0jhf'],
    alsoCalled: ['abort', 'keep', 'stop'],
  },
  extend: {
    usage: 'extend <id> until <time>|for <duration>',
    help: 'Has what was given for a time taken back at another time, or so long from now.',
    examples: ['extend 0sxc3xkbdye86dvn0jhf until friday 18:00', 'extend 0sxc3xkbdye86dvn0jhf for 8h'],
    alsoCalled: ['prolong', 'renew', 'postpone'],
  },
  end: {
    usage: 'end <id>',
    help: 'Has what was given for a time taken back now.',
    examples: ['end 0sxc3xkbdye86dvn0jhf'],
    alsoCalled: ['finish', 'expire'],
  },
  settle: {
    usage: 'settle <id>',
    help: 'Looks at what became of a change that nobody is sure of.',
    examples: ['settle 0sxc3xkbdye86dvn0jhf'],
    alsoCalled: ['resolve', 'check', 'verify'],
  },
  schedules: {
    usage: 'schedules',
    help: 'Lists the changes that are made at a time, or again and again.',
    examples: ['schedules'],
    alsoCalled: ['scheduled', 'cron'],
  },
  writes: {
    usage: 'writes',
    help: 'Shows whether anything is sent to Genesys now, or who has paused that and why.',
    examples: ['writes'],
    alsoCalled: ['paused', 'running'],
  },
  pause: {
    usage: 'pause <id>|<reason…>',
    help: 'Pauses a list; with a reason in place of an id it stops all writes to Genesys at once: what is planned or approved waits, and what is asked for is refused.',
    examples: ['pause 0sxc3xkbdye86dvn0jhf', 'pause Genesys is being moved'],
    alsoCalled: ['freeze', 'halt'],
  },
  resume: {
    usage: 'resume [<id>|reason…]',
    help: 'Lets a paused list go on; without an id it lets writes to Genesys go on, and what has waited is carried out within minutes.',
    examples: ['resume 0sxc3xkbdye86dvn0jhf', 'resume', 'resume the move is done'],
    alsoCalled: ['unpause', 'continue'],
  },
}

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word)
}

/** @throws Unclear with the verb that was probably meant. */
export function verbOf(token: LineToken): Verb {
  const word = token.text.toLowerCase()
  if (token.kind === 'word' && isVerb(word)) return word
  if (token.kind === 'separator') throw new Unclear('Begin with what you want to do.', 'help')
  const odd = explainOddity(token.text, 'id')
  if (odd !== '') throw new Unclear(odd, guessVerb(withoutInvisible(withoutJoiners(word))))
  throw new Unclear(`I do not know ${quoteTyped(token.text)}.`, guessVerb(word))
}

function guessVerb(word: string): string | undefined {
  const known = Object.keys(verbs).filter(isVerb)
  return known.find((verb) => verb === word || verbs[verb].alsoCalled.includes(word)) ?? nearest(word, known)
}
