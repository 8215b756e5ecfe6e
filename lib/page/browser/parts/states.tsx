/** What stands where there is nothing to show yet, or nothing at all, or why not. */
import type { ComponentChildren } from 'preact'
import { NoAnswer, problemTextOf, RefusedCall } from '../api/problems.ts'
import { Button } from './button.tsx'

interface CalloutProps {
  /** By words and shape; the colour comes on top. */
  readonly tone?: 'info' | 'warning' | 'bad'
  /** It comes while somebody is at something that it ends: it is heard at once, and has the focus of what goes. */
  readonly isSudden?: boolean
  readonly children: ComponentChildren
}

export function Callout({ tone = 'info', isSudden = false, children }: CalloutProps) {
  return (
    <div
      class={`notice ${tone}`}
      role={tone === 'bad' || isSudden ? 'alert' : undefined}
      tabIndex={isSudden ? -1 : undefined}
    >
      <div>{children}</div>
    </div>
  )
}

export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>
}

/** Lines where text will be. @param lines how many, about as many as will be. */
export function Loading({ lines = 6 }: { readonly lines?: number }) {
  return (
    <div class="loading" role="status">
      <span class="unseen">Reading…</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class="line" />
      ))}
    </div>
  )
}

interface ProblemProps {
  /** Nothing is shown where it is undefined. */
  readonly problem: unknown
  readonly onRetry?: () => void
}

/** Asked for once more it would be refused once more. */
function isWrongItself(problem: unknown): boolean {
  return problem instanceof RefusedCall && problem.status === 400
}

/** Why something is not there, with a way on. That there are no answers at all is told above the view already. */
export function Problem({ problem, onRetry }: ProblemProps) {
  if (problem === undefined) return null
  if (problem instanceof NoAnswer && onRetry === undefined) return null
  return (
    <Callout tone="bad">
      <p>{problemTextOf(problem)}</p>
      {onRetry && !isWrongItself(problem) && <Button onClick={onRetry}>Try again</Button>}
    </Callout>
  )
}
