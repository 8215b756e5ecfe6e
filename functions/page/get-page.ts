import { pageSite } from '../../lib/composition/doors/page-site.ts'

export const handler = pageSite()
