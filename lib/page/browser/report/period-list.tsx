import type { PeriodListing } from '../../../seats/seat-schemas.ts'
import { useAnswer } from '../api/use-answer.ts'
import { Chip } from '../parts/chip.tsx'
import { Empty, Loading, Problem } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { Time } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { Downloads } from './downloads.tsx'
import { periodSpanOf } from './period-words.ts'

export function PeriodList() {
  const { value, problem, refresh } = useAnswer<PeriodListing>('v1/periods')
  return (
    <>
      <Heading text="Report" />
      <p>
        What each billing period came to: held, paid for and billed of each license, and who is behind it.
      </p>
      <Problem problem={problem} onRetry={() => void refresh()} />
      {value === undefined ? (
        problem === undefined && <Loading />
      ) : value.entities.length === 0 ? (
        <Empty>No period is on record yet. The first begins with the first reading of who holds what.</Empty>
      ) : (
        <Table
          caption="Billing periods, the newest first"
          rows={value.entities}
          keyOf={({ id }) => id}
          columns={[
            {
              name: 'Period',
              cell: (period) => <a href={hashOf(['report', period.id])}>{periodSpanOf(period)}</a>,
            },
            {
              name: 'State',
              cell: ({ status }) =>
                status === 'open' ? <Chip tone="info">Open</Chip> : <Chip tone="good">Closed</Chip>,
            },
            {
              name: 'From',
              cell: ({ from, toldAt }) =>
                from === 'calendar' ? (
                  <>
                    Calendar month <span class="note under">Genesys told no period for it</span>
                  </>
                ) : (
                  <>
                    The contract
                    {toldAt && (
                      <span class="note under">
                        told last <Time at={toldAt} />
                      </span>
                    )}
                  </>
                ),
            },
            { name: 'Download', cell: (period) => <Downloads period={period} /> },
          ]}
        />
      )}
    </>
  )
}
