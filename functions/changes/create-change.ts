import { plans } from '../../lib/composition/plans.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { createChange } from '../../lib/operations/changes/create-change.ts'

export const handler = lambda(createChange, plans())
