/** Where on the page somebody is: a path and filters, behind the `#` of the address. Pure. */

export interface PageRoute {
  /** Its first part is the view's name: `['changes', ID]`. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
}

export type Filters = Readonly<Record<string, string | undefined>>

/** @param hash as browsers have it, e.g. `#/people?license=cloudCX3&q=ann`. */
export function routeOf(hash: string): PageRoute {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s)
  return { path: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(query) }
}

/** @returns a link's address. Filters that are undefined or empty are left out. */
export function hashOf(path: readonly string[], filters: Filters | URLSearchParams = {}): string {
  const entries = filters instanceof URLSearchParams ? [...filters] : Object.entries(filters)
  const query = new URLSearchParams(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  ).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${query === '' ? '' : `?${query}`}`
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
