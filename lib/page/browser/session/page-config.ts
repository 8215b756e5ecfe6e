/** What the page must know before anybody is signed in. */

/** As `GET config.json` answers. */
export interface PageConfig {
  readonly org: string
  readonly issuer: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly audience?: string
}

/** @throws Error with a sentence. */
export async function readConfig(base: string): Promise<PageConfig> {
  const response = await fetch(new URL('config.json', base), { cache: 'no-cache' }).catch(() => undefined)
  if (response?.ok) return (await response.json()) as PageConfig
  throw new Error('The gateway does not answer. Look at your connection, then try again.')
}
