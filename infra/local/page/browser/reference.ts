/** The API reference: swagger-ui over the gateway's own document, its requests sent as the person chosen on the page. */
import { keptChoice } from './choice.ts'
import { byId } from './dom.ts'
import { mend } from './mending.ts'
import { session } from './session.ts'
import type { Sending, SwaggerUi } from './swagger-ui.ts'

declare const SwaggerUIBundle: SwaggerUi

const dark = matchMedia('(prefers-color-scheme: dark)')
function paint(): void {
  document.documentElement.classList.toggle('dark-mode', dark.matches)
}
dark.addEventListener('change', paint)
paint()

/** Tokens are for the gateway alone, whatever server somebody names. */
async function asChosen(request: Sending): Promise<Sending> {
  if (new URL(request.url, location.href).origin !== location.origin) return request
  const { tokens } = await session()
  request.headers['Authorization'] = `Bearer ${tokens[keptChoice().role ?? 'operator']}`
  return request
}

/** Nobody signs in by hand here. */
const hidden = () => () => null

SwaggerUIBundle({
  url: '/v1/openapi.json',
  dom_id: '#reference',
  deepLinking: false,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // It would be asked at swagger.io.
  validatorUrl: null,
  requestInterceptor: asChosen,
  plugins: [{ wrapComponents: { authorizeBtn: hidden, authorizeOperationBtn: hidden } }],
})
mend(byId('reference', HTMLElement))
