/** What happens next with a list: what is waited for, and which rows are to be mended. */

import { useEffect } from 'preact/hooks'
import type { Change, ChangeResultListing } from '../../../changes/answers/change-schemas.ts'
import { useAnswer } from '../api/use-answer.ts'
import type { OfferedChange } from '../changes/offers.ts'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { Time } from '../parts/times.tsx'
import { draftOf, setDraft } from '../session/drafts.ts'
import { ToldLines } from './bad-lines.tsx'
import { HandIn } from './hand-in.tsx'
import { badLinesOf, typedNamesOf } from './list-fields.ts'

export function ListStanding({ change }: { readonly change: OfferedChange }) {
  const { id, state, approval } = change
  const mayStillBeBad = state === 'PLANNING' || state === 'INVALID'
  useEffect(() => {
    if (mayStillBeBad) return
    for (const name of Object.values(typedNamesOf(id))) setDraft(name, undefined)
  }, [id, mayStillBeBad])
  if (state === 'INVALID') return <Invalid change={change} />
  if (state === 'PLANNING') {
    return (
      <Callout>
        It is planned from a reading of the whole organization that begins now, which takes two minutes or
        more. This page shows the plan once it is there; you may leave it meanwhile.
      </Callout>
    )
  }
  if (state === 'AWAITING_APPROVAL' && approval?.expiresAt) {
    return (
      <Callout>
        <p>
          It waits for somebody else. {approval.because.join('. ')}. It lapses{' '}
          <Time at={approval.expiresAt} isRelative /> (<Time at={approval.expiresAt} />
          ).
        </p>
      </Callout>
    )
  }
  return null
}

/** More are told by nobody. */
const MAX_BAD = 100

function Invalid({ change: { id } }: { readonly change: Change }) {
  const { value, problem, refresh } = useAnswer<ChangeResultListing>(
    `v1/changes/${id}/results?outcome=invalid&limit=${MAX_BAD}`,
  )
  if (value === undefined) {
    return problem === undefined ? (
      <Loading lines={3} />
    ) : (
      <Problem problem={problem} onRetry={() => void refresh()} />
    )
  }
  const lines = badLinesOf(
    value.entities.map(({ line, result = '' }) => ({
      fieldName: '$',
      message: result.replace(/^line \d+: /, ''),
      ...(line === undefined ? {} : { line }),
    })),
  )
  // Of what was handed in elsewhere there is nothing here to mend.
  if (draftOf(typedNamesOf(id).text) === undefined) return <ToldLines lines={lines} />
  return <HandIn id={id} bad={lines} />
}
