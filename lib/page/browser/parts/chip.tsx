import type { ComponentChildren } from 'preact'

export type Tone = 'info' | 'question' | 'warning' | 'good' | 'bad'

/** A state: its words say it, a shape before them and a colour help. */
export function Chip({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`chip ${tone}`}>{children}</span>
}
