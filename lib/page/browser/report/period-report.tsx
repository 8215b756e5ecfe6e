import { useEffect, useRef } from 'preact/hooks'
import type { PeriodListing } from '../../../seats/seat-schemas.ts'
import { RefusedCall } from '../api/problems.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useMe, zoneOf } from '../api/use-me.ts'
import { Choice } from '../parts/field.tsx'
import { Empty, Loading, Problem } from '../parts/states.tsx'
import { timeIn } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { goTo } from '../shell/use-route.ts'
import { Downloads } from './downloads.tsx'
import { periodSpanOf } from './period-words.ts'
import { placeReport } from './place-report.ts'

export function PeriodReport({ id }: { readonly id: string }) {
  const path = `v1/periods/${encodeURIComponent(id)}`
  const { value: report, problem, refresh } = useAnswer<string>(path, { accept: 'text/html' })
  const { value: periods, problem: unlisted } = useAnswer<PeriodListing>('v1/periods')
  // All of it at once: what stands above the report would move it.
  const isComing = report === undefined || (periods ?? unlisted) === undefined
  const period =
    id === 'current'
      ? periods?.entities.find(({ status }) => status === 'open')
      : periods?.entities.find((each) => each.id === id)
  const isUnknown = problem instanceof RefusedCall && problem.status === 404
  const title = isUnknown
    ? 'No such period'
    : period
      ? `Report, ${periodSpanOf(period)}`
      : 'Report of a billing period'
  const shown = useRef(id)
  useEffect(() => {
    if (shown.current !== id) tellAloud(title)
    shown.current = id
  }, [id, title])
  return (
    <article class="report">
      <a class="back" href={hashOf(['report'])}>
        All periods
      </a>
      <Heading text={title} />
      {isUnknown ? (
        <Empty>There is no period {id} on record. Choose one of all periods, above.</Empty>
      ) : (
        <Problem problem={problem} onRetry={() => void refresh()} />
      )}
      {period && (
        <div class="tools">
          <Choice
            label="Period"
            value={period.id}
            options={(periods?.entities ?? []).map((each) => [each.id, periodSpanOf(each)] as const)}
            onChange={({ currentTarget: { value } }) => goTo(hashOf(['report', value]))}
          />
          <Downloads period={period} />
        </div>
      )}
      {isComing ? problem === undefined && <Loading lines={10} /> : <Placed report={report} />}
    </article>
  )
}

function Placed({ report }: { readonly report: string }) {
  const zone = zoneOf(useMe())
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (place.current) placeReport(place.current, report, (at) => timeIn(at, zone))
  }, [report, zone])
  return <div ref={place} />
}
