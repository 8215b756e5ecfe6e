/** `npm run openapi`: writes docs/openapi.json from the registry; `-- --check` says whether it is stale. */
import { operations } from '../../lib/operations/index.ts'
import manifest from '../../package.json' with { type: 'json' }
import { writeOrCheck } from '../generated-file.ts'
import { openApiDocument } from './document.ts'

writeOrCheck(
  new URL('../../docs/openapi.json', import.meta.url),
  () => `${JSON.stringify(openApiDocument(operations, manifest.version), null, 2)}\n`,
  'openapi',
)
