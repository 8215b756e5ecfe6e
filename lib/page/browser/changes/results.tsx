/** What became of each pair of a change, asked for where somebody wants to see it, and as a file. */
import { useState } from 'preact/hooks'
import type { Change, ChangeResultListing } from '../../../changes/answers/change-schemas.ts'
import { onOff, outcomeNameOf } from '../../../changes/answers/summarize.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useDownload } from '../api/use-download.ts'
import { useNames } from '../api/use-names.ts'
import { Button } from '../parts/button.tsx'
import { Loading, Problem } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'

const SHOWN = 50

export function Results({ change }: { readonly change: Change }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="results" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Results, one by one</summary>
      {isOpen && <ResultTable change={change} />}
    </details>
  )
}

function ResultTable({ change }: { readonly change: Change }) {
  const path = `v1/changes/${change.id}/results`
  // Again with each step, which its time tells.
  const { value, problem, refresh } = useAnswer<ChangeResultListing>(
    `${path}?limit=${SHOWN}#${change.updatedAt}`,
  )
  const names = useNames(
    [...new Set((value?.entities ?? []).flatMap(({ userId }) => userId ?? []))].slice(0, SHOWN),
  )
  const download = useDownload()
  return (
    <>
      <Problem problem={problem ?? download.problem} onRetry={() => void refresh()} />
      {value === undefined && problem === undefined && <Loading lines={3} />}
      {value && (
        <Table
          caption="Results"
          rows={value.entities}
          keyOf={({ userId, licenseId, featureName, line }) =>
            `${userId} ${licenseId} ${featureName} ${line}`
          }
          columns={[
            {
              name: 'Of whom',
              cell: ({ userId, featureName, line }) =>
                (userId === undefined ? featureName : (names.get(userId)?.name ?? userId)) ?? `line ${line}`,
            },
            {
              name: 'What',
              cell: ({ licenseId, desired, featureName }) =>
                featureName === undefined
                  ? `${desired ? 'give' : 'take'} ${licenseId ?? ''}`
                  : `switch ${onOff(desired)}`,
            },
            {
              name: 'Became',
              cell: ({ outcome }) =>
                outcome === 'invalid' ? 'bad row' : outcomeNameOf(outcome, isSettled(change.state)),
            },
            { name: 'Genesys said', cell: ({ result }) => result ?? '' },
          ]}
        />
      )}
      <Button isBusy={download.isBusy} onClick={() => void download.start({ path, accept: 'text/csv' })}>
        Download as CSV
      </Button>
    </>
  )
}
