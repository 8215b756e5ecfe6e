/** The rules of an org file about how callers prove who they are. */
import * as z from 'zod'
import { ruleFor } from '../../lib/text.ts'
import { issuer, keysUrl, webOrigin } from './issuer-schema.ts'
import { gatewayRole } from './people-schema.ts'
import { isSeen, must, text, whole } from './sentences.ts'

/** How long a role that was taken away may still read. */
const MAX_CACHE_SECONDS = 300

const iamPrincipals = z
  .array(
    text(
      "an IAM role's name, or the ARN of another account's role",
      /^([\w+=,.@-]{1,64}|arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+)$/,
    ),
    { error: must('a list of IAM role names or role ARNs') },
  )
  .optional()

/** Callers sign with SigV4. Official Genesys SDKs can't do that: they send a bearer token and need `jwt`. */
const iam = z.strictObject({
  kind: z.literal('iam'),
  /**
   * Who may call, by role. An entry is the name of an IAM role in the stack's own account (the role's managed
   * policy is attached to it) or the ARN of a role in another account (the API's resource policy names it; that
   * account must allow its role the call too). Default: nobody; attach the managed policies yourself.
   */
  roles: z
    .strictObject(
      { viewer: iamPrincipals, operator: iamPrincipals, approver: iamPrincipals },
      { error: must('{ viewer, operator, approver }, each a list') },
    )
    .optional(),
})

/** One text, or a list of at least one. */
const oneOrMore = (rule: string, pattern: RegExp) =>
  z.union([text(rule, pattern), z.array(text(rule, pattern)).min(1, { error: must(rule) })], {
    error: must(rule),
  })

const audience = oneOrMore(
  'the audience your tokens carry, without blanks and no *, or a list of those',
  /^(?!\*$)\S+$/,
)

/** A claim's name or value. */
const NAME = /^(?!\s)[^\p{Cc}]{1,256}(?<!\s)$/u

/** Numbers in every token (RFC 7519, section 4.1; OpenID Connect Core, sections 2 and 5.1), which give no role. */
const NUMBERS: readonly string[] = ['exp', 'iat', 'nbf', 'auth_time', 'updated_at']

const roleClaim = oneOrMore(
  "a claim's name, or a list of names from the outermost claim to the innermost",
  NAME,
).refine((claim) => !NUMBERS.includes([claim].flat()[0] ?? ''), {
  error: ({ input }) => `must be a claim of text, a list or true and false: ${[input].flat()[0]} is a number`,
})

/**
 * Claims that several people have at once, that change from token to token, or that people change or hand on: whoever has
 * somebody else's is taken for them. RFC 7519 and 9068, OpenID Connect Core, and Microsoft's reference of access tokens,
 * which says it of its own.
 */
const NO_SUBJECTS: readonly string[] = [
  ...[
    'iss',
    'aud',
    'azp',
    'appid',
    'client_id',
    'cid',
    'tid',
    'idp',
    'acr',
    'amr',
    'ver',
    'typ',
    'token_use',
  ],
  ...['jti', 'uti', 'sid', 'nonce', 'auth_time', ...NUMBERS],
  ...['scope', 'scp', 'roles', 'groups', 'permissions', 'cognito:groups'],
  ...['email', 'upn', 'preferred_username', 'unique_name', 'username', 'nickname', 'phone_number'],
  ...['name', 'given_name', 'family_name'],
]

const subjectClaim = text("a claim's name such as sub or oid", NAME).refine(
  (claim) => !NO_SUBJECTS.includes(claim),
  {
    error: ({ input }) =>
      `must be a claim that one person has for ever and nobody else, such as sub or oid: ${input} is none`,
  },
)

const claimTable = 'a table with at least one claim value -> role'

/** Their values are one text with blanks between, or lists of texts that have none (RFC 6749, section 3.3). */
const BLANKS_BETWEEN: readonly string[] = ['scope', 'scp']

/** Callers send `Authorization: Bearer <JWT>` from any OIDC issuer. */
const jwt = z
  .strictObject({
    kind: z.literal('jwt'),
    /** The issuer exactly as the token's `iss` claim has it: an https URL. */
    issuer,
    /** What the token's `aud` claim must hold, one of several where it is a list. */
    audience,
    /**
     * The claim that says whom a token is for. Access tokens of Cognito have no `aud`: say `'client_id'`, and put the app
     * clients' ids into `audience`. Default: `'aud'`.
     */
    audienceClaim: z.enum(['aud', 'client_id'], { error: must('aud or client_id') }).optional(),
    /**
     * The claim that carries what `roles` maps, as text with blanks between values, as a list, or as true or false: `'scope'`, `'scp'`,
     * `'roles'`, `'groups'`, `'cognito:groups'`, `'permissions'`, `'https://example.com/roles'`. A text is a name taken
     * whole; a list leads to a claim within others: `['realm_access', 'roles']`.
     */
    roleClaim,
    /** Value of that claim -> role. Who has no value in this table is refused; of several the highest role counts. */
    roles: z
      .record(z.string(), gatewayRole, { error: must(claimTable) })
      .refine((table) => Object.keys(table).length > 0, { error: must(claimTable) }),
    /**
     * The claim that names whoever asks, which `people` and `tools` list under `jwt`: `'oid'` at Entra, whose `sub` is another
     * for each app and in no admin centre. A token without it may only read. Once people are known by one claim, another
     * makes strangers of them. Default: `'sub'`.
     */
    subjectClaim: subjectClaim.optional(),
    /**
     * Where the signing keys are, an https URL, with a query where an app has keys of its own. Default: where the issuer's discovery document,
     * `/.well-known/openid-configuration` behind the issuer, says that they are.
     */
    jwksUri: keysUrl.optional(),
    /**
     * How long API Gateway may reuse the authorizer's answer to a token on reads, 0 to 300 seconds; on writes it
     * never does. It bounds how long a role that was taken away still reads. Default: 300.
     */
    cacheSeconds: whole(
      `a whole number of seconds from 0 to ${MAX_CACHE_SECONDS}`,
      0,
      MAX_CACHE_SECONDS,
    ).optional(),
  })
  .superRefine(({ roles, roleClaim }, context) => {
    const claim = [roleClaim].flat().join('.')
    for (const value of Object.keys(roles)) {
      const message = faultOfValue(value, claim)
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['roles', value || "''"], message })
    }
  })

/** Why no token has that value in the claim. */
function faultOfValue(value: string, claim: string): string | undefined {
  if (!NAME.test(value) || !isSeen(value)) {
    const rule = 'must have 1 to 256 characters and no blanks at its ends: as it is, no token has it'
    return ruleFor(rule, value, 'name')
  }
  if (value === '*') return 'must be a value that tokens have, each by itself: * stands for no others'
  return BLANKS_BETWEEN.includes(claim) && /\s/.test(value)
    ? `must not have blanks: what a token has in ${claim} is split at them, so it would never match`
    : undefined
}

export const auth = z.discriminatedUnion('kind', [iam, jwt], {
  error: must("{ kind: 'iam', ... } or { kind: 'jwt', ... }: there is no default"),
})

/** RFC 6749, section 3.3: printable ASCII but blanks, quotes and backslashes. */
const scope = text("a scope's name, without blanks and quotes", /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/)

const scopesAre =
  "a list of scopes with openid, which says who somebody is, such as ['openid', 'offline_access']"
const originsAre = 'a list of at least one https origin'

/** What people sign in to the page by: a public client (no secret) that the issuer knows. */
export const page = z.strictObject(
  {
    /** The id that the issuer gave the page's registration. It is no secret, and the page shows it. */
    clientId: text("the id of the page's registration at the issuer, without blanks", /^[\x21-\x7e]{1,256}$/),
    /** What is asked for at sign-in: `openid`, those that give a role, `offline_access` where refresh tokens need it. Default: `['openid']`. */
    scopes: z
      .array(scope, { error: must(scopesAre) })
      .max(10, { error: must('a list of at most 10 scopes') })
      .refine((scopes) => scopes.includes('openid'), { error: must(scopesAre) })
      .optional(),
    /** Sent as `audience` at sign-in, where the issuer asks for it: Auth0 does. Default: not sent. */
    audience: text('the audience to ask tokens for, without blanks', /^\S{1,256}$/).optional(),
    /** Further hosts that the page may ask: that of the token endpoint, where it is not the issuer's own. Default: none. */
    connect: z
      .array(webOrigin, { error: must(originsAre) })
      .min(1, { error: must(originsAre) })
      .max(10, { error: must('a list of at most 10 origins') })
      .optional(),
  },
  { error: must('{ clientId, scopes, audience, connect }, of which clientId is needed') },
)
