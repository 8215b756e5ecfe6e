import { defineOperation } from '../../operation.ts'
import { PERIOD_COLUMNS, rowsOfPeriod } from '../../seats/page/period-rows.ts'
import { periodFiguresOf } from '../../seats/render-seats.ts'
import { PeriodFigures, PeriodId } from '../../seats/seat-schemas.ts'
import { noPermission } from '../permissions.ts'

export const getPeriod = defineOperation({
  id: 'getPeriod',
  method: 'GET',
  path: '/v1/periods/{periodId}',
  summary: 'What one billing period came to, license by license',
  description:
    'By the period’s id, or `current`: held now (of a period that is over, at its end), at the start and at most, what is paid for and billed, since when more are held than paid for and who is behind it, what the gateway gave and took, what was changed outside of it, and each day, in UTC. `unmapped` has charges that count for no license. Counts of days are from whole readings: a day without one has no `held`. Also as `text/csv`, `application/x-ndjson` and, as one page to read and print, `text/html`.',
  effect: 'inventory',
  role: 'viewer',
  chat: ['report'],
  params: { periodId: PeriodId },
  response: PeriodFigures,
  files: {
    name: ({ params: { periodId } }) => `period-${nameOf(periodId)}`,
    columns: PERIOD_COLUMNS,
    pagedBy: [],
    loggedQuery: [],
    async *rows({ seats }, { params: { periodId } }) {
      yield [...rowsOfPeriod(await seats.report(periodId))]
    },
    async page({ seats, renderPeriod }, { params: { periodId } }) {
      if (!renderPeriod) throw new Error('what draws the page of a period is not bound: see lib/composition')
      return renderPeriod(await seats.report(periodId))
    },
  },
  permissions: noPermission,
  async run({ seats }, { params: { periodId } }) {
    return periodFiguresOf(await seats.report(periodId))
  },
})

/** As a file may be called. */
function nameOf(periodId: string): string {
  return periodId.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-')
}
