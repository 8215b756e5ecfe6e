/**
 * What proves callers on the laptop, the same after a restart: an OIDC issuer's one key with a long-lived token for each
 * role, and what Slack and Teams sign with.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { type Role, roles } from '../../lib/roles.ts'
import { readJsonFile, StateError, writeJsonFile } from './atomic-file.ts'
import type { WorkspaceSecrets } from './chat/workspace.ts'

export const LOCAL_ISSUER = 'https://issuer.local.invalid'
export const LOCAL_AUDIENCE = 'genesys-license-gateway'
const KEY_ID = 'local'

/** Ten years: the tokens are good on this machine only, and a newcomer's script must not stop next month. Seconds. */
const LIFETIME_SECONDS = 10 * 365 * 24 * 3600

export interface Identity {
  /** The public key as a JWKS, JSON. */
  readonly jwks: string
  readonly tokens: Readonly<Record<Role, string>>
  readonly chat: WorkspaceSecrets
}

const Saved = z.object({
  privateKey: z.string(),
  tokens: z.object({ viewer: z.string(), operator: z.string(), approver: z.string() }),
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
 * @param directory where the key and the tokens are kept.
 * @throws StateError where they are damaged.
 */
export function localIdentity(directory: string): Identity {
  const file = join(directory, 'identity.json')
  const found = Saved.safeParse(readIdentity(file))
  const saved = found.success ? found.data : created()
  if (!found.success) writeJsonFile(file, saved)
  const key = createPublicKey(createPrivateKey(saved.privateKey)).export({ format: 'jwk' })
  return {
    jwks: JSON.stringify({ keys: [{ ...key, kid: KEY_ID, alg: 'EdDSA', use: 'sig' }] }),
    tokens: saved.tokens,
    chat: saved.chat,
  }
}

function readIdentity(file: string): unknown {
  try {
    return readJsonFile(file)
  } catch (cause) {
    throw new StateError(`The tokens in ${file} are damaged.`, { cause })
  }
}

function created(): z.output<typeof Saved> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const [viewer, operator, approver] = roles.map((role) => mint(pem, { sub: `local-${role}`, scope: role }))
  return {
    privateKey: pem,
    tokens: { viewer: viewer ?? '', operator: operator ?? '', approver: approver ?? '' },
    // In the forms that Slack and Teams give them.
    chat: {
      slackSigningSecret: randomBytes(16).toString('hex'),
      slackBotToken: `xoxb-local-${randomBytes(12).toString('hex')}`,
      teamsKey: randomBytes(32).toString('base64'),
    },
  }
}

/** Signs a token of the local issuer. Claims given replace the standing ones, so that a test can spoil them. */
export function mint(privateKey: string, claims: Readonly<Record<string, unknown>>): string {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const standing = {
    iss: LOCAL_ISSUER,
    aud: LOCAL_AUDIENCE,
    iat: nowSeconds,
    exp: nowSeconds + LIFETIME_SECONDS,
  }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'EdDSA', typ: 'JWT', kid: KEY_ID })}.${part({ ...standing, ...claims })}`
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
}
