/**
 * A message as a person sees it, whichever platform it came to: what Block Kit and adaptive cards become once they are
 * shown. The terminal and the page render this and nothing else, so that both show what was really sent.
 */

/** A run of text on one line; a line break is a character of it. */
export interface Span {
  readonly text: string
  readonly style?: 'bold' | 'code' | 'subtle'
}

export type SeenPart =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly spans: readonly Span[] }
  /** In a lesser voice. */
  | { readonly kind: 'note'; readonly text: string }
  /** Every character as wide as the next, line breaks kept. */
  | { readonly kind: 'code'; readonly text: string }
  /** Name and value, side by side. */
  | {
      readonly kind: 'fields'
      readonly fields: readonly { readonly name: string; readonly value: readonly Span[] }[]
    }

export interface SeenButton {
  readonly label: string
  readonly style: 'primary' | 'danger' | 'plain'
}

export interface Seen {
  readonly parts: readonly SeenPart[]
  readonly buttons: readonly SeenButton[]
}

export interface SeenMessage extends Seen {
  readonly id: string
  /** Goes up with every message that is new or replaced, over all of them. */
  readonly version: number
  readonly platform: 'slack' | 'teams'
  /** As its members call it, such as `#licenses`; a conversation with the app alone is `license`. */
  readonly channel: string
  /** A person of policy.json, `license` for the app itself, or `Slack` and `Teams` for what those say. */
  readonly from: string
  /** Whether only the one who looks sees it. */
  readonly isPrivate: boolean
  /** ISO 8601, by the laptop's clock. */
  readonly at: string
  /** What was typed or pressed that this answers. */
  readonly answers?: string
}

/** What the app, and what it says, is called. */
export const APP_NAME = 'license'
