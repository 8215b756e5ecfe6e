/** The API reference: swagger-ui over the gateway's own document, its requests sent as the person chosen on the page. */
import { keptChoice } from './choice.ts'
import { byId } from './dom.ts'
import { mend } from './mending.ts'
import { session } from './session.ts'
import type { Sending, Shown, SwaggerUi } from './swagger-ui.ts'

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
  const { tokens, directory } = await session()
  const role = keptChoice().role ?? 'operator'
  request.headers['Authorization'] = `Bearer ${tokens[role]}`
  request.curlOptions = [`-H '@${directory.replaceAll("'", "'\\''")}/${role}.header'`]
  return request
}

/** The curl line names the file that has the token: a screen is seen by others, and a line is kept by the shell. */
function curlWithoutToken(
  original: unknown,
  { React }: { readonly React: { createElement(type: unknown, props: unknown): unknown } },
) {
  return (props: { readonly request: Shown }) =>
    React.createElement(original, { ...props, request: props.request.deleteIn(['headers', 'Authorization']) })
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
  plugins: [
    { wrapComponents: { authorizeBtn: hidden, authorizeOperationBtn: hidden, curl: curlWithoutToken } },
  ],
})
mend(byId('reference', HTMLElement))
