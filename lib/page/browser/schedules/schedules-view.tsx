/** What happens by itself: schedules, made and deleted here, and what goes back soon. */
import type { PageView } from '../shell/view.ts'
import { NewSchedule } from './new-schedule.tsx'
import { ScheduleDetails } from './schedule-details.tsx'
import { ScheduleList } from './schedule-list.tsx'
import './schedules.css'

export const schedulesView: PageView = {
  name: 'schedules',
  label: 'Schedules',
  needs: 'listSchedules',
  Show({ path: [, id], query }) {
    if (id === undefined) return <ScheduleList query={query} />
    if (id === 'new') return <NewSchedule like={query.get('like') ?? undefined} />
    return <ScheduleDetails id={id} from={query.get('from') ?? undefined} />
  },
}
