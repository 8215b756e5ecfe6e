/** What the page must know before anybody is signed in. */

import { ToldError } from '../api/problems.ts'
import { heedSignInDate } from '../api/server-clock.ts'

/** As `GET config.json` answers. */
export interface PageConfig {
  readonly org: string
  readonly issuer: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly audience?: string
}

/** @throws ToldError */
export async function readConfig(base: string): Promise<PageConfig> {
  const response = await fetch(new URL('config.json', base), { cache: 'no-cache' }).catch(() => undefined)
  heedSignInDate(response?.headers.get('date') ?? null)
  const config = response?.ok ? await response.json().catch(() => undefined) : undefined
  if (config !== undefined) return config as PageConfig
  throw new ToldError('The gateway does not answer. Look at your connection, then try again.')
}
