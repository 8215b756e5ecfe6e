import { writes } from '../../lib/composition/writes.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { resumeChange } from '../../lib/operations/changes/resume-change.ts'

export const handler = lambda(resumeChange, writes())
