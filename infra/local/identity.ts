/**
 * What proves callers on the laptop, the same after a restart: an OIDC issuer's one key, and what Slack and Teams sign with.
 * The long-lived token for each role is minted at each start, since the issuer is where the gateway is.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { join } from 'node:path'
import * as z from 'zod/mini'
import type { Role } from '../../lib/roles.ts'
import { readJsonFile, StateError, writeJsonFile } from './atomic-file.ts'
import type { WorkspaceSecrets } from './chat/workspace.ts'

/** Under the gateway's origin. */
export const ISSUER_PATH = '/__issuer'

/** The `iss` of tokens. @param gateway its base URL. */
export function issuerOf(gateway: string): string {
  return new URL(ISSUER_PATH, gateway).href
}

export const LOCAL_AUDIENCE = 'genesys-license-gateway'
/** The page, as it is registered with the issuer. */
export const PAGE_CLIENT = 'license-page'
export const KEY_ID = 'local'
export const SIGNING_ALGORITHM = 'EdDSA'

/** Ten years: the tokens are good on this machine only, and a newcomer's script must not stop next month. Seconds. */
const LIFETIME_SECONDS = 10 * 365 * 24 * 3600

export interface Identity {
  /** The public key as a JWKS, JSON. */
  readonly jwks: string
  /** Its other half, in PEM. */
  readonly privateKey: string
  readonly tokens: Readonly<Record<Role, string>>
  readonly chat: WorkspaceSecrets
}

const Saved = z.object({
  privateKey: z.string(),
  chat: z.object({ slackSigningSecret: z.string(), slackBotToken: z.string(), teamsKey: z.string() }),
})

/** Whether a file holds what an earlier run has proved its callers by. */
export function isIdentity(file: string): boolean {
  try {
    return Saved.safeParse(readJsonFile(file)).success
  } catch {
    return false
  }
}

/**
 * @param directory where the key is kept.
 * @param issuer of the tokens.
 * @throws StateError where what is kept is damaged.
 */
export function localIdentity(directory: string, issuer: string): Identity {
  const file = join(directory, 'identity.json')
  const found = Saved.safeParse(readIdentity(file))
  const saved = found.success ? found.data : created()
  if (!found.success) writeJsonFile(file, saved)
  const { privateKey, chat } = saved
  const key = createPublicKey(createPrivateKey(privateKey)).export({ format: 'jwk' })
  const tokenOf = (role: Role) => mint(privateKey, { iss: issuer, sub: subjectOf(role), scope: role })
  return {
    jwks: JSON.stringify({ keys: [{ ...key, kid: KEY_ID, alg: SIGNING_ALGORITHM, use: 'sig' }] }),
    privateKey,
    tokens: { viewer: tokenOf('viewer'), operator: tokenOf('operator'), approver: tokenOf('approver') },
    chat,
  }
}

function readIdentity(file: string): unknown {
  try {
    return readJsonFile(file)
  } catch (cause) {
    throw new StateError(`What callers are proved by, in ${file}, is damaged.`, { cause })
  }
}

function created(): z.output<typeof Saved> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return {
    privateKey: pem,
    // In the forms that Slack and Teams give them.
    chat: {
      slackSigningSecret: randomBytes(16).toString('hex'),
      slackBotToken: `xoxb-local-${randomBytes(12).toString('hex')}`,
      teamsKey: randomBytes(32).toString('base64'),
    },
  }
}

/** The `sub` of a role's caller, which policy.json knows. */
export function subjectOf(role: Role): string {
  return `local-${role}`
}

/** Signs a token; `iss` is the caller's to give. Claims given replace the standing ones, so that a test can spoil them. */
export function mint(privateKey: string, claims: Readonly<Record<string, unknown>>): string {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const standing = {
    aud: LOCAL_AUDIENCE,
    iat: nowSeconds,
    exp: nowSeconds + LIFETIME_SECONDS,
  }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: SIGNING_ALGORITHM, typ: 'JWT', kid: KEY_ID })}.${part({ ...standing, ...claims })}`
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
}
