import type { OrgRequest } from '../../request.ts'
import { jsonAnswer, type OrgAnswer } from '../answers.ts'
import type { OAuthClient } from './clients.ts'
import type { Tokens } from './tokens.ts'

/**
 * `POST /oauth/token` with the client credentials grant: Basic client id and secret, form body. Answers access_token,
 * token_type and expires_in (seconds). An unknown client is 400 and a wrong secret 401, both `invalid_client`, as
 * documented; the other refusals are RFC 6749's ([?]: undocumented).
 */
export function answerTokenRequest(
  request: OrgRequest,
  clients: readonly OAuthClient[],
  tokens: Tokens,
  tokenSeconds: number,
): OrgAnswer {
  if (request.method !== 'POST') return refuse(405, 'invalid_request', 'method not allowed')
  const grant = new URLSearchParams(request.body?.toString('utf8') ?? '').get('grant_type')
  if (grant === null) return refuse(400, 'invalid_request', 'grant_type is missing')
  if (grant !== 'client_credentials') return refuse(400, 'unsupported_grant_type', 'grant type not supported')
  const basic = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const pair = Buffer.from(basic ?? '', 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  const client = clients.find(({ clientId }) => colon > 0 && clientId === pair.slice(0, colon))
  if (!client) return refuse(400, 'invalid_client', 'client not found')
  if (client.clientSecret !== pair.slice(colon + 1))
    return refuse(401, 'invalid_client', 'authentication failed')
  const seconds = client.tokenSeconds ?? tokenSeconds
  const token = tokens.issue(client, seconds)
  return jsonAnswer(
    200,
    { access_token: token, token_type: 'bearer', expires_in: seconds },
    { 'Cache-Control': 'no-store' },
  )
}

function refuse(status: number, error: string, description: string): OrgAnswer {
  return jsonAnswer(status, { error, description })
}
