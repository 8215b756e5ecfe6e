/** The heading of a view, which is where one arrives: focus goes to it, and the title says it. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { hasComeBack } from '../session/drafts.ts'
import { createCell } from './cell.ts'
import { withTurnsShown } from './keep-direction.tsx'
import { tellAloud } from './tell-aloud.tsx'
import { useCell } from './use-cell.ts'
import { takeReturn } from './use-route.ts'

/** How many things wait for whoever looks; what counts them sets it. @public */
export const waiting = createCell(0)

let isFirst = true

interface HeadingProps {
  /** Also the title's, unless it has another. */
  readonly text: string
  /** Where something stands over the view. */
  readonly title?: string | undefined
  /** Beside it. */
  readonly children?: ComponentChildren
}

export function Heading({ text, title = text, children }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const count = useCell(waiting)
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ''}${withTurnsShown(title)} – License gateway`
  }, [title, count])
  useEffect(() => {
    // At the first view browsers begin at the top by themselves, but for whoever has been here before.
    const was = takeReturn()
    if (!isFirst || hasComeBack.get()) {
      heading.current?.focus({ preventScroll: true })
      // Whoever comes back goes on where they were.
      scrollTo(0, was ?? 0)
    }
    isFirst = false
  }, [])
  const told = useRef(text)
  useEffect(() => {
    // Whoever has arrived before it was known what is here hears it now.
    if (told.current !== text && document.activeElement === heading.current) tellAloud(text)
    told.current = text
  }, [text])
  return (
    <div class="heading">
      <h1 ref={heading} tabIndex={-1}>
        {text}
      </h1>
      {children}
    </div>
  )
}
