import { writeAudit } from '../../lib/audit/write-audit.ts'
import { audits } from '../../lib/composition/audits.ts'
import { eventLambda } from '../../lib/events/event-lambda.ts'

export const handler = eventLambda(writeAudit, audits())
