/** A reply before it is Slack's or Teams'. All text is plain: what renders it escapes it, so no name can become a mention. */

/** One part of a reply, in the order in which it is read. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** A sentence in a lesser voice: ages, ids, what to type next. */
  | { readonly kind: 'note'; readonly text: string }
  /** Rows of equal columns, the first row of `rows` not a heading. Long ones are cut with a count. */
  | {
      readonly kind: 'table'
      readonly headings: readonly string[]
      readonly rows: readonly (readonly string[])[]
      /** Rows there are in all, where more than are given. */
      readonly total?: number
      /** What to type or call to get the rest. */
      readonly rest?: string
    }
  /** Name and value, such as who, license, before, after. */
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
  /** Words to be typed, shown as code. */
  | { readonly kind: 'code'; readonly text: string }

/** What a button does, bound to the plan's digest; the platform carries it and hands it back. */
export interface Action {
  readonly do: 'apply' | 'cancel' | 'approve' | 'reject'
  readonly changeId: string
  readonly digest: string
}

export interface Button {
  readonly label: string
  readonly style: 'primary' | 'danger' | 'plain'
  readonly action: Action
}

export interface Reply {
  /** One line, for notifications and where nothing else can be shown. */
  readonly title: string
  /** How it ended, for a colour or a sign; `info` for answers. */
  readonly tone: 'info' | 'good' | 'warning' | 'bad' | 'question'
  readonly parts: readonly Part[]
  readonly buttons?: readonly Button[]
  /** Shown to the person alone: refusals, help, mistakes. */
  readonly isPrivate: boolean
}
