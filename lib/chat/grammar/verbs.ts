import type { Verb } from '../command.ts'

interface VerbHelp {
  /** How a line with it is written: `<…>` stands for what is typed, `[…]` may be left out, `|` is either. */
  readonly usage: string
  /** One sentence. */
  readonly help: string
  /** Words that people try for it. They are suggested, never obeyed. */
  readonly alsoCalled: readonly string[]
}

/** Everything that can be said, in the order in which help shows it. */
export const verbs: Readonly<Record<Verb, VerbHelp>> = {
  help: {
    usage: 'help [verb]',
    help: 'Shows what can be typed.',
    alsoCalled: ['commands', 'usage', '?', '-h', '--help'],
  },
  user: {
    usage: 'user <e-mail|name|@mention|id>',
    help: 'Shows which licenses somebody holds.',
    alsoCalled: ['show', 'whois', 'person', 'licenses'],
  },
  who: {
    usage: 'who <license>',
    help: 'Lists who holds a license.',
    alsoCalled: ['holders', 'users'],
  },
  definitions: {
    usage: 'definitions',
    help: 'Lists the licenses that there are.',
    alsoCalled: ['list'],
  },
  definition: {
    usage: 'definition <license>',
    help: 'Shows what a license brings and what it needs.',
    alsoCalled: ['license', 'describe'],
  },
  infer: {
    usage: 'infer <role…>',
    help: 'Shows which licenses roles need.',
    alsoCalled: ['role', 'roles'],
  },
  toggle: {
    usage: 'toggle <feature> [on|off [at <time>] [for <duration>] [because …]]',
    help: 'Shows whether a feature is on, or switches it.',
    alsoCalled: ['feature', 'switch', 'enable', 'disable', 'turn'],
  },
  grant: {
    usage: 'grant <license> to <person…> [until <time>|for <duration>] [because …]',
    help: 'Gives a license to one or more people, for good or for a time.',
    alsoCalled: ['give', 'add', 'assign'],
  },
  revoke: {
    usage: 'revoke <license> from <person…> [because …]',
    help: 'Takes a license from one or more people.',
    alsoCalled: ['remove', 'take', 'unassign'],
  },
  changes: {
    usage: 'changes [mine|open]',
    help: 'Lists the latest changes: all, your own, or those that are not settled.',
    alsoCalled: ['history', 'log'],
  },
  change: {
    usage: 'change <id>',
    help: 'Shows one change: who, why, before, after.',
    alsoCalled: ['status'],
  },
  undo: {
    usage: 'undo <id>',
    help: 'Takes a change back.',
    alsoCalled: ['revert', 'rollback'],
  },
  schedules: {
    usage: 'schedules',
    help: 'Lists the changes that are made at a time, or again and again.',
    alsoCalled: ['scheduled', 'cron'],
  },
}

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word)
}
