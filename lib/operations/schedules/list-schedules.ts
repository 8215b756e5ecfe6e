import * as z from 'zod/mini'
import { ScheduleListing } from '../../changes/answers/schedule-schemas.ts'
import { UserId } from '../../genesys/models/ids.ts'
import { defineOperation } from '../../operation.ts'
import { paging } from '../paging.ts'
import { noPermission } from '../permissions.ts'

export const listSchedules = defineOperation({
  id: 'listSchedules',
  method: 'GET',
  path: '/v1/schedules',
  summary: 'Schedules on record',
  description:
    'Newest first, those too that are deleted or whose time has come: `state` says so. With `user` those alone that give this person something or take it; such a page may have fewer entries than `limit`, even none, and still a `next`.',
  effect: 'record',
  role: 'viewer',
  params: {},
  query: { user: z.optional(UserId), ...paging },
  response: ScheduleListing,
  permissions: noPermission,
  chat: ['schedules'],
  run: ({ records }, { query: { user, ...page } }) => records.schedules({ ...page, userId: user }),
})
