import type { ComponentChildren } from 'preact'

export type Tone = 'info' | 'question' | 'warning' | 'good' | 'bad'

/** A state: its words say it, a shape before them and a colour help. */
export function Chip({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`chip ${tone}`}>{children}</span>
}

/** Of whoever cannot sign in to Genesys; that all others can goes without saying. @param state as Genesys says it. */
export function PersonState({ state }: { readonly state: string | undefined }) {
  if (state === undefined || state === 'active') return null
  return (
    <>
      {' '}
      <Chip tone={state === 'deleted' ? 'bad' : 'warning'}>{state}</Chip>
    </>
  )
}
