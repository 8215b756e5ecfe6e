/** The views of the page. The laptop has one more. */
import { approvalsView } from './approvals/approvals-view.tsx'
import { changesView } from './changes/changes-view.tsx'
import { listsView } from './lists/lists-view.tsx'
import { peopleView } from './people/people-view.tsx'
import { referenceView } from './reference/reference-view.tsx'
import { reportView } from './report/report-view.tsx'
import { schedulesView } from './schedules/schedules-view.tsx'
import { seatsView } from './seats/seats-view.tsx'
import type { PageView } from './shell/view.ts'
import { togglesView } from './toggles/toggles-view.tsx'

/** In the order of their tabs; the first is where one begins. */
export const views: readonly PageView[] = [
  seatsView,
  peopleView,
  changesView,
  approvalsView,
  listsView,
  schedulesView,
  togglesView,
  reportView,
  referenceView,
]
