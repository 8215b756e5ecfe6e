import { resultColumns } from '../../changes/answers/change-rows.ts'
import { ChangeId, ChangeResultListing } from '../../changes/answers/change-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { paging, pagingNames } from '../paging.ts'
import { noPermission } from '../permissions.ts'

export const getChangeResults = defineOperation({
  id: 'getChangeResults',
  method: 'GET',
  path: '/v1/changes/{changeId}/results',
  summary: 'What became of each toggle or (license, user) of a change',
  description:
    '`outcome` is what was seen by reading back; `result` is the text that Genesys answered, where it gave one: behind `NOT_APPLIED: ` where reading back shows that it did not come about, behind `UNKNOWN: ` where that is not known.',
  effect: 'record',
  role: 'viewer',
  params: { changeId: ChangeId },
  query: paging,
  response: ChangeResultListing,
  files: {
    name: ({ params }) => `change-${params.changeId}`,
    columns: resultColumns,
    pagedBy: pagingNames,
    loggedQuery: [],
    rows: ({ records }, { params }) => records.resultRows(params.changeId),
  },
  permissions: noPermission,
  run: ({ records }, { params, query }) => records.results(params.changeId, query),
})
