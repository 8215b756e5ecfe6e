/** A request as a line for a shell, without a token in it. Pure. */
import type { ApiOperation } from './api-document.ts'

/** @param base the page's own address, which ends with a slash. */
export function curlLineOf(
  base: string,
  { method, path, parameters = [], requestBody }: ApiOperation,
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(parameters.find((each) => each.in === 'path' && each.name === name)?.example ?? name),
  )
  const query = new URLSearchParams(
    parameters.flatMap(({ in: place, name, required, example }) =>
      place === 'query' && required && example !== undefined ? [[name, example]] : [],
    ),
  ).toString()
  const address = `${base.replace(/\/$/, '')}${filled}${query === '' ? '' : `?${query}`}`
  const headers = parameters.flatMap(({ in: place, name, example }) =>
    place === 'header' && example !== undefined ? [`${name}: ${example}`] : [],
  )
  const [[type, media] = []] = Object.entries(requestBody?.content ?? {})
  const body = media?.example === undefined ? undefined : JSON.stringify(media.example)
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${quoted(address)}`,
    '-H "Authorization: Bearer $TOKEN"',
    ...headers.map((header) => `-H ${quoted(header)}`),
    ...(body === undefined ? [] : [`-H ${quoted(`Content-Type: ${type}`)}`, `-d ${quoted(body)}`]),
  ].join(' \\\n  ')
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
