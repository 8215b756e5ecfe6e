/** What a plan does to one person and to the seats, a row a license. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import type { SeatsOfPlan } from '../../../changes/answers/words/seat-verdict.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { SeatNote } from '../changes/plan-findings.tsx'
import { Table } from '../parts/table.tsx'
import { numberOf, Time } from '../parts/times.tsx'

interface Row {
  readonly licenseId: string
  readonly isHeld: boolean | undefined
  readonly isHeldThen: boolean
}

interface PlanTableProps {
  readonly change: Change
  readonly userId: string
}

export function PlanTable({ change, userId }: PlanTableProps) {
  const { before, after, desired, findings, state } = change
  const held = before && 'users' in before ? before.users : []
  const seen = held.find((each) => each.userId === userId)?.licenses
  const reached = after && 'users' in after ? after.users : undefined
  const then = reached?.find((each) => each.userId === userId)?.licenses
  const assignments = 'assignments' in desired ? desired.assignments : []
  // Of what has settled a count from before is no news.
  const seats = isSettled(state) ? [] : (findings?.seats ?? [])
  const rows = assignments.map(
    ({ licenseId, userIdsAdd }): Row => ({
      licenseId,
      isHeld: seen?.includes(licenseId),
      isHeldThen: then === undefined ? userIdsAdd.includes(userId) : then.includes(licenseId),
    }),
  )
  const kept = (seen ?? []).filter((id) => !rows.some(({ licenseId }) => licenseId === id))
  const asOf = seats.find((each) => each.asOf !== undefined)?.asOf
  return (
    <>
      <Table
        caption="Before and after"
        rows={rows}
        keyOf={({ licenseId }) => licenseId}
        columns={[
          { name: 'License', cell: ({ licenseId }) => licenseId },
          { name: 'Before', cell: ({ isHeld }) => heldText(isHeld) },
          {
            name: isSettled(state) && then === undefined ? 'Wanted' : 'After',
            cell: ({ isHeldThen }) => heldText(isHeldThen),
          },
        ]}
      />
      {seats.map((of) => (
        <p key={of.licenseId}>
          <Seats of={of} />
        </p>
      ))}
      <p class="note">
        {kept.length > 0 && `Keeps ${kept.join(', ')}. `}
        {asOf && (
          <>
            Seats as read <Time at={asOf} />, with what was changed here since.
          </>
        )}
      </p>
    </>
  )
}

function heldText(isHeld: boolean | undefined): string {
  return isHeld === undefined ? 'not known' : isHeld ? 'held' : 'not\u00a0held'
}

/** `Seats of cloudCX3: 38 → 39 of 40`, held now and then, of what is paid for: unknown is never nothing. */
function Seats({ of }: { readonly of: SeatsOfPlan }) {
  const { licenseId, taken, after, seats } = of
  return (
    <>
      Seats of {licenseId}:{' '}
      {taken === undefined || after === undefined
        ? 'how many are held is not known'
        : `${numberOf(taken)} → ${numberOf(after)}`}
      {seats === undefined
        ? ', how many are paid for nobody has told '
        : taken === undefined
          ? `, ${numberOf(seats)} are paid for `
          : ` of ${numberOf(seats)} `}
      <SeatNote of={of} />
    </>
  )
}
