import { Button } from './button.tsx'
import { numberOf } from './times.tsx'

interface PagerProps {
  readonly count: number
  /** Of what: one, and several. */
  readonly of: readonly [one: string, several: string]
  readonly more: (() => void) | undefined
}

/** How many are shown, and a way to more of them. */
export function Pager({ count, of: [one, several], more }: PagerProps) {
  const counted = `${numberOf(count)} ${count === 1 ? one : several}`
  return (
    <div class="pager">
      <span class="note">{more ? `The first ${counted}` : count === 1 ? counted : `All ${counted}`}</span>
      {more && <Button onClick={more}>Show more</Button>}
    </div>
  )
}
