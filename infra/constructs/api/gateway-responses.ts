import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway'
import {
  accessDeniedHint,
  type GatewayResponse,
  gatewayResponses,
} from '../../../lib/http/gateway-responses.ts'
import { securityHeaders } from '../../../lib/http/security-headers.ts'
import type { OrgFile } from '../../orgs/org-file.ts'

/** API Gateway's answer to an unsigned request where it expects SigV4, on routes that exist and that do not. */
const unsigned: GatewayResponse = {
  type: gatewayResponses.unknownRoute.type,
  status: 401,
  code: 'authentication.required',
  message: 'Sign the request with SigV4 for execute-api; API Gateway says this of unknown routes too',
}

/** IAM's policies say no without telling which operation it was about. */
const denied: GatewayResponse = {
  ...gatewayResponses.accessDenied,
  message:
    'Your IAM policies do not allow this operation; the role it needs is its x-role in GET /v1/openapi.json',
}

/** What API Gateway itself answers in this kind of authentication. */
export function responsesFor(auth: OrgFile['auth']['kind']): GatewayResponse[] {
  const rows: readonly GatewayResponse[] = Object.values(gatewayResponses)
  const signed = [unsigned, denied]
  return rows.map((row) => (auth === 'iam' && signed.find(({ type }) => type === row.type)) || row)
}

/** Makes API Gateway's own answers look like the functions': ErrorBody and the standing headers. */
export function addGatewayResponses(api: RestApi, auth: OrgFile['auth']['kind']): void {
  for (const row of responsesFor(auth)) {
    api.addGatewayResponse(row.type, {
      type: ResponseType.of(row.type),
      statusCode: String(row.status),
      responseHeaders: quoted({
        ...securityHeaders,
        ...(row.retryAfterSeconds === undefined ? {} : { 'retry-after': String(row.retryAfterSeconds) }),
      }),
      templates: { 'application/json': template(row, auth) },
    })
  }
}

/**
 * The body with `$context.requestId` for API Gateway to fill in; it also sends that id as x-amzn-RequestId by
 * itself. These templates pass no VTL engine, only `$context` variables are replaced, so a message must hold no
 * dollar sign. With `jwt` the authorizer's context says how the message of a denial goes on.
 *
 * @throws Error at synth where one does.
 */
function template({ type, status, code, message }: GatewayResponse, auth: OrgFile['auth']['kind']): string {
  if (message.includes('$')) throw new Error(`The gateway response ${code} must not hold a dollar sign`)
  const isHinted = auth === 'jwt' && type === gatewayResponses.accessDenied.type
  return JSON.stringify({
    status,
    code,
    message: isHinted ? `${message}$context.authorizer.${accessDeniedHint}` : message,
    contextId: '$context.requestId',
    details: [],
    errors: [],
  })
}

/** Static values go between single quotes: without them API Gateway takes them for mappings. */
function quoted(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]))
}
