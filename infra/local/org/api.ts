import type { OrgRequest } from '../request.ts'
import type { Tokens } from './access/tokens.ts'
import { errorAnswer, jsonAnswer, type OrgAnswer, type OrgRefusal } from './answers.ts'
import type { OrgBilling } from './billing/billing.ts'
import type { RateLimit, RateStanding } from './faults/rate-limit.ts'
import type { ListingLie } from './paging.ts'
import {
  bodyTooLarge,
  malformedBody,
  methodNotAllowed,
  missingPermissions,
  notFound,
  rateLimited,
  unsupportedMediaType,
} from './refusals.ts'
import { type Route, routes } from './routes.ts'
import type { Truth, TruthView } from './truth.ts'

/** What an API answer draws on; `view` says what reads see right now, `save` keeps what a write has changed. */
interface ApiDependencies {
  readonly truth: Truth
  readonly tokens: Tokens
  readonly rateLimit: RateLimit
  readonly view: () => TruthView
  readonly save: () => void
  readonly searchesDeleted: boolean
  readonly billing: OrgBilling
  /** Epoch milliseconds. */
  readonly now: () => number
}

/**
 * Carries out one request to the license API and answers it. In this order: 401 where the token is no good (but an
 * unknown path is 404 and a wrong method 405 without one), 429, 404, 405, 403, 413, 415, 400, then the operation.
 *
 * @param lie how a listing is to lie.
 */
export function answerApiRequest(
  request: OrgRequest,
  dependencies: ApiDependencies,
  lie?: ListingLie,
): OrgAnswer {
  const caller = dependencies.tokens.authenticate(request.headers.authorization)
  const standing = 'token' in caller ? dependencies.rateLimit.count(caller.token) : undefined
  const refuse = (refusal: OrgRefusal) => errorAnswer(refusal, request.correlationId)

  function answer(): OrgAnswer {
    if (standing?.isExceeded) return refuse(rateLimited(standing.reset, standing.allowed))
    const matches = routes.flatMap((route) => {
      const params = matchPath(route.path, request.path)
      return params ? [{ route, params }] : []
    })
    const match = matches.find(({ route }) => route.method === request.method)
    if (matches.length === 0) return refuse(notFound)
    if (!match) return refuse(methodNotAllowed(matches.map(({ route }) => route.method)))
    if ('refusal' in caller) return refuse(caller.refusal)
    const { anyOf } = match.route
    if (anyOf.length > 0 && !anyOf.some((each) => caller.client.permissions.includes(each))) {
      return refuse(missingPermissions(anyOf))
    }
    return perform(match.route, match.params)
  }

  function perform(route: Route, params: readonly string[]): OrgAnswer {
    const parsed = parseBody(request)
    if ('refusal' in parsed) return refuse(parsed.refusal)
    const query = new URLSearchParams(request.query)
    const { truth, view, save, searchesDeleted, billing, now } = dependencies
    const call = { truth, view: view(), params, query, body: parsed.body, searchesDeleted, billing, lie }
    const outcome = route.handle({ ...call, nowMs: now() })
    if (route.method === 'POST') save()
    return 'refusal' in outcome ? refuse(outcome.refusal) : jsonAnswer(200, outcome.value)
  }

  const { status, headers, body } = answer()
  return { status, headers: { ...headers, ...limitHeaders(standing) }, body }
}

/** The decoded variable segments where a path matches a pattern, else undefined. `%2F` stays inside its segment. */
function matchPath(pattern: string, path: string): string[] | undefined {
  const wanted = pattern.split('/')
  const segments = path.split('/')
  if (segments.length !== wanted.length) return undefined
  const params: string[] = []
  for (const [position, segment] of segments.entries()) {
    const decoded = decode(segment)
    if (decoded === undefined || decoded === '') {
      if (position > 0) return undefined
    } else if (wanted[position] === '*') params.push(decoded)
    else if (wanted[position] !== decoded) return undefined
  }
  return params
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

function parseBody({ method, headers, body }: OrgRequest): { body: unknown } | { refusal: OrgRefusal } {
  if (body === null) return { refusal: bodyTooLarge }
  if (method !== 'POST' || body.length === 0) return { body: null }
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? ''))
    return { refusal: unsupportedMediaType }
  try {
    return { body: JSON.parse(body.toString('utf8')) }
  } catch {
    return { refusal: malformedBody }
  }
}

function limitHeaders(standing: RateStanding | undefined): Record<string, string> {
  if (!standing) return {}
  return {
    'inin-ratelimit-count': String(standing.count),
    'inin-ratelimit-allowed': String(standing.allowed),
    'inin-ratelimit-reset': String(standing.reset),
  }
}
