/** Billing periods, and of each what it came to: the report that is a file elsewhere, in its place here. */
import type { PageView } from '../shell/view.ts'
import { PeriodList } from './period-list.tsx'
import { PeriodReport } from './period-report.tsx'
import './report.css'

export const reportView: PageView = {
  name: 'report',
  label: 'Report',
  needs: 'getPeriod',
  // Another period is chosen in place, and focus stays where that is.
  isOnePlace: true,
  Show: ({ path: [, id] }) => (id === undefined ? <PeriodList /> : <PeriodReport id={id} />),
}
