import { createHash } from 'node:crypto'
import { seededUuid } from '../people/seeded.ts'

/**
 * An OAuth client of the org. `permissions` are strings like `authorization:license:view`; `tokenSeconds` is how long
 * its access tokens live, the org's own default where it is absent.
 */
export interface OAuthClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly permissions: readonly string[]
  readonly tokenSeconds?: number
}

/** What an option may say about a client; anything left out stays as it is by default. */
export type OAuthClientOptions = Readonly<Record<string, Partial<OAuthClient>>>

/** The org's clients by name. There is always a `reader` and a `writer`. */
export type OrgClients = Readonly<Record<string, OAuthClient>> & {
  readonly reader: OAuthClient
  readonly writer: OAuthClient
}

/**
 * The org's clients: `reader` may look at licenses, users and bills, `writer` may also grant licenses, and whatever else is asked for.
 * Ids and secrets follow from the name, so that credentials put once are good after a restart too.
 */
export function createClients(options: OAuthClientOptions = {}): OrgClients {
  const views = ['authorization:license:view', 'directory:user:view', 'billing:subscription:view']
  const clients = {
    reader: clientNamed('reader', views, options['reader']),
    writer: clientNamed('writer', ['authorization:grant:add', ...views], options['writer']),
  }
  const others = Object.entries(options).filter(([name]) => !(name in clients))
  return {
    ...Object.fromEntries(others.map(([name, each]) => [name, clientNamed(name, [], each)])),
    ...clients,
  }
}

function clientNamed(
  name: string,
  permissions: readonly string[],
  options: Partial<OAuthClient> = {},
): OAuthClient {
  const digest = createHash('sha256').update(`embedded org client ${name}`).digest()
  return {
    clientId: seededUuid(digest.readUInt32BE(), 0x2c1b3c6d),
    clientSecret: digest.toString('base64url'),
    permissions,
    ...options,
  }
}
