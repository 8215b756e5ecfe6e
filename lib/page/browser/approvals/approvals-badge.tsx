/** How many things wait for whoever is signed in: on the tab, in the title, and heard where there are more of them. */
import { useEffect, useRef } from 'preact/hooks'
import { mayCall, useMe } from '../api/use-me.ts'
import { numberOf } from '../parts/times.tsx'
import { waiting } from '../shell/heading.tsx'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { useCell } from '../shell/use-cell.ts'
import { countForMe, useWaiting } from './use-waiting.ts'

/** Whoever sits at another view hears of it within. */
const EVERY_MS = 10_000

export function ApprovalsBadge() {
  const me = useMe()
  const mayApprove = mayCall(me, 'approveChange')
  const { waiting: known } = useWaiting(mayApprove ? me : undefined, EVERY_MS)
  const count = useCell(countForMe)
  const last = useRef<number | undefined>(undefined)
  useEffect(() => {
    if (known === undefined) return
    waiting.set(count)
    if (last.current !== undefined && count > last.current) tellAloud(sentenceOf(count))
    last.current = count
  }, [known, count])
  if (count === 0) return null
  return (
    <>
      {' '}
      <span class="badge">
        {numberOf(count)}
        <span class="unseen"> {count === 1 ? 'waits' : 'wait'} for you</span>
      </span>
    </>
  )
}

function sentenceOf(count: number): string {
  return count === 1 ? 'One thing waits for your approval.' : `${count} things wait for your approval.`
}
