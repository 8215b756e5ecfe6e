import { ScheduleListing } from '../../changes/answers/schedule-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { paging } from '../paging.ts'
import { noPermission } from '../permissions.ts'

export const listSchedules = defineOperation({
  id: 'listSchedules',
  method: 'GET',
  path: '/v1/schedules',
  summary: 'Schedules on record',
  description: 'Newest first, those too that are deleted or whose time has come: `state` says so.',
  effect: 'record',
  role: 'viewer',
  params: {},
  query: paging,
  response: ScheduleListing,
  permissions: noPermission,
  chat: ['schedules'],
  run: ({ records }, { query }) => records.schedules(query),
})
