/** The second half of `npm run docs`: docs/cost.md, apart since making a template takes seconds. A test says whether it is stale. */
import { writeOrCheck } from '../../generated-file.ts'
import { costPage } from './cost-page.ts'
import { costedTemplate } from './costed-stack.ts'

writeOrCheck(new URL('../../../docs/cost.md', import.meta.url), () => costPage(costedTemplate()), 'docs')
