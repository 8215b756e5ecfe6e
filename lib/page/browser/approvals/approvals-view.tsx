/** What waits for approval, each with the whole of what is approved. */
import { ChangeDetails } from '../changes/change-details.tsx'
import type { PageView } from '../shell/view.ts'
import { ApprovalList } from './approval-list.tsx'
import { ApprovalsBadge } from './approvals-badge.tsx'
import { WhyApproval } from './why-approval.tsx'
import './approvals.css'

export const approvalsView: PageView = {
  name: 'approvals',
  label: 'Approvals',
  needs: 'approveChange',
  Badge: ApprovalsBadge,
  Show: ({ path: [, id], query }) => {
    if (id === undefined) return <ApprovalList />
    return <ChangeDetails id={id} query={query} from={['approvals', 'All that waits']} Beside={WhyApproval} />
  },
}
