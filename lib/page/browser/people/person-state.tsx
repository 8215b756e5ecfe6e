import { Chip } from '../parts/chip.tsx'

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
