import { Button } from './button.tsx'

interface PagerProps {
  readonly count: number
  /** Of what, as `changes`. */
  readonly of: string
  readonly more: (() => void) | undefined
}

/** How many are shown, and a way to more of them. */
export function Pager({ count, of, more }: PagerProps) {
  return (
    <div class="pager">
      <span class="note">{more ? `The first ${count} ${of}` : `All ${count} ${of}`}</span>
      {more && <Button onClick={more}>Show more</Button>}
    </div>
  )
}
