/** Changes on record: a list by filters, and each with all that its record says. */
import { ApprovalOnArrival } from '../approvals/why-approval.tsx'
import type { PageView } from '../shell/view.ts'
import { ChangeDetails } from './change-details.tsx'
import { ChangeList } from './change-list.tsx'
import './changes.css'

export const changesView: PageView = {
  name: 'changes',
  label: 'Changes',
  needs: 'listChanges',
  Show: ({ path: [, id], query }) =>
    id === undefined ? (
      <ChangeList query={query} />
    ) : (
      <ChangeDetails id={id} query={query} Beside={ApprovalOnArrival} />
    ),
}
