import type { Names } from '../api/use-names.ts'
import { hashOf } from '../shell/route.ts'

interface PersonNameProps {
  readonly id: string
  /** Undefined before they are known. */
  readonly names: Names | undefined
}

/** Somebody, by name and e-mail, and the way to their own place. What they are called takes the room that it will have from the beginning, so that nothing below it moves. */
export function PersonName({ id, names }: PersonNameProps) {
  if (names === undefined) {
    return (
      <>
        …<span class="note under">{'\u00a0'}</span>
      </>
    )
  }
  const known = names.get(id)
  return (
    <>
      <a href={hashOf(['people', id])}>{known?.name ?? known?.email ?? id}</a>
      {known?.name && known.email && <span class="note under">{known.email}</span>}
    </>
  )
}
