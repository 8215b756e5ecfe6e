import { useEffect, useRef } from 'preact/hooks'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { Button } from './button.tsx'
import { type CountWords, countedText } from './found-aloud.ts'

interface PagerProps {
  readonly count: number
  readonly of: CountWords
  readonly more: (() => void) | undefined
}

/** How many are shown, and a way to more of them. */
export function Pager({ count, of, more }: PagerProps) {
  const counted = countedText(count, of)
  const shown = more ? `The first ${counted}` : count === 1 ? counted : `All ${counted}`
  const isPressed = useRef(false)
  useEffect(() => {
    // Of the last page it is heard as focus goes there.
    if (isPressed.current && more) tellAloud(`${shown}.`)
    isPressed.current = false
  }, [shown])
  return (
    <div class="pager">
      <span class="note" tabIndex={-1}>
        {shown}
      </span>
      {more && (
        <Button
          onClick={() => {
            isPressed.current = true
            more()
          }}
        >
          Show more
        </Button>
      )}
    </div>
  )
}
