/** What a person can say to `/license`, once it is understood. Names are as typed; who and what they mean is looked up later. */

import type { ChangeResult } from '../../changes/answers/change-schemas.ts'

/** One person as they were named: an e-mail, a name, a mention of the chat platform, or a Genesys user id. */
export type PersonRef =
  | { readonly by: 'email'; readonly email: string }
  | { readonly by: 'id'; readonly userId: string }
  /** A Slack or Teams user id. */
  | { readonly by: 'mention'; readonly id: string }
  | { readonly by: 'name'; readonly name: string }

export type Command =
  | { readonly verb: 'help'; readonly about?: Verb | undefined }
  | { readonly verb: 'user'; readonly person: PersonRef }
  /** Pages count from 1; the first where absent. */
  | { readonly verb: 'who'; readonly license: string; readonly page?: number | undefined }
  /** All licenses where none is named. */
  | { readonly verb: 'seats'; readonly license?: string | undefined }
  | { readonly verb: 'history'; readonly person: PersonRef; readonly page?: number | undefined }
  /** The period's id; the current one where absent. */
  | { readonly verb: 'report'; readonly period?: string | undefined }
  | { readonly verb: 'definitions' }
  | { readonly verb: 'definition'; readonly license: string }
  | { readonly verb: 'infer'; readonly roles: readonly string[] }
  | { readonly verb: 'toggle'; readonly feature: string; readonly set?: ToggleSet | undefined }
  | {
      readonly verb: 'grant'
      readonly license: string
      readonly people: readonly PersonRef[]
      readonly until?: Until | undefined
      readonly because?: string | undefined
    }
  | {
      readonly verb: 'revoke'
      readonly license: string
      readonly people: readonly PersonRef[]
      readonly because?: string | undefined
    }
  /** Pages count from 1, here and below; the first where absent. */
  | {
      readonly verb: 'changes'
      readonly which: 'all' | 'mine' | 'open' | 'due'
      readonly page?: number | undefined
    }
  /** `people` is the page of them that is asked for. */
  | { readonly verb: 'change'; readonly changeId: string; readonly people?: number | undefined }
  | {
      readonly verb: 'results'
      readonly changeId: string
      /** All where absent. */
      readonly outcome?: ChangeResult['outcome'] | undefined
      readonly page?: number | undefined
    }
  | { readonly verb: 'approvals' }
  | { readonly verb: 'reject'; readonly changeId: string; readonly because?: string | undefined }
  | { readonly verb: 'undo'; readonly changeId: string; readonly because?: string | undefined }
  | { readonly verb: 'retry'; readonly changeId: string }
  /** `count` is the number of people whom the plan changes, as somebody typed it. */
  | { readonly verb: 'confirm'; readonly changeId: string; readonly count: number }
  | { readonly verb: 'settle'; readonly changeId: string }
  | { readonly verb: 'cancel'; readonly changeId: string }
  | { readonly verb: 'extend'; readonly changeId: string; readonly until: Until }
  | { readonly verb: 'end'; readonly changeId: string }
  | { readonly verb: 'schedules' }
  | { readonly verb: 'writes' }
  /** With an id a list, else all writes. */
  | { readonly verb: 'pause' | 'resume'; readonly changeId: string }
  | { readonly verb: 'pause'; readonly because: string }
  | { readonly verb: 'resume'; readonly because?: string | undefined }

export type Verb = Command['verb']

export interface ToggleSet {
  readonly enabled: boolean
  /** When; now where absent. */
  readonly at?: Moment | undefined
  /** For how long, ISO 8601 duration. */
  readonly for?: string | undefined
  readonly because?: string | undefined
}

export type Until = { readonly at: Moment } | { readonly for: string }

/**
 * A time as it was said, in a form that stands for the same words: an instant with an offset, or a local time of the
 * person's own time zone. What day `tomorrow` is depends on when it is said, so it is worked out later (conversation/words/times.ts).
 */
export type Moment =
  | { readonly kind: 'instant'; readonly iso: string }
  /** `HH:MM`: the next time the clock shows it. */
  | { readonly kind: 'clock'; readonly time: string }
  /** `time` is 00:00 where only the day was named, here and below. */
  | { readonly kind: 'tomorrow'; readonly time: string }
  /** 1 is Monday. */
  | { readonly kind: 'weekday'; readonly day: 1 | 2 | 3 | 4 | 5 | 6 | 7; readonly time: string }
  /** A date and a time without an offset, e.g. `2026-12-01T09:00`, with seconds where they were typed. */
  | { readonly kind: 'local'; readonly at: string }

/** What was typed is no command: what is wrong in plain words, and how the verb is used. */
export interface Misunderstood {
  readonly error: string
  /** The verb or keyword that was probably meant: a single word, so that nobody is dropped from a line by a guess. */
  readonly didYouMean?: string | undefined
  readonly usage: string
}

export type Parsed = { readonly command: Command } | { readonly misunderstood: Misunderstood }
