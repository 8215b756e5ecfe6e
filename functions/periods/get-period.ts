import { periods } from '../../lib/composition/periods.ts'
import { streamed } from '../../lib/http/streamed.ts'
import { getPeriod } from '../../lib/operations/periods/get-period.ts'

export const handler = streamed(getPeriod, periods())
