import * as z from 'zod/mini'
import { resultColumns } from '../../changes/answers/change-rows.ts'
import { ChangeId, ChangeResultListing, resultOutcomes } from '../../changes/answers/change-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { paging, pagingNames } from '../paging.ts'
import { noPermission } from '../permissions.ts'

export const getChangeResults = defineOperation({
  id: 'getChangeResults',
  method: 'GET',
  path: '/v1/changes/{changeId}/results',
  summary: 'What became of each toggle or (license, user) of a change',
  description:
    '`outcome` is what was seen by reading back; `result` is the text that Genesys answered, where it gave one: behind `NOT_APPLIED: ` where reading back shows that it did not come about, behind `UNKNOWN: ` where that is not known. `before` is what the plan saw and `after` what was read back. With `outcome` only what came to that: a page may have fewer entries than `limit` then, even none, and still a `next`. As CSV it can be handed in as a list again, whole or what is left of it in a spreadsheet: `userId`, `licenseId` and `action` are what `POST /v1/changes` reads. `userName` and, by which namesakes are told apart, `userEmail` are those of the newest reading.',
  effect: 'record',
  role: 'viewer',
  params: { changeId: ChangeId },
  query: {
    outcome: z.optional(z.enum(resultOutcomes, `must be one of ${resultOutcomes.join(', ')}`)),
    ...paging,
  },
  response: ChangeResultListing,
  files: {
    name: ({ params }) => `change-${params.changeId}`,
    columns: resultColumns,
    pagedBy: pagingNames,
    loggedQuery: ['outcome'],
    rows: ({ records }, { params, query }) => records.resultRows(params.changeId, query.outcome),
  },
  permissions: noPermission,
  chat: ['results'],
  run: ({ records }, { params, query }) => records.results(params.changeId, query),
})
