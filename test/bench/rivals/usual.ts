/** What most teams write: middy, its Secrets Manager middleware, its error handler, and the global fetch. */
import middy from '@middy/core'
import httpErrorHandler from '@middy/http-error-handler'
import secretsManager from '@middy/secrets-manager'
import { createError } from '@middy/util'
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda'

const { GENESYS_API_URL = 'https://api.mypurecloud.com', READ_TOKEN_SECRET = '' } = process.env

/** How long the token is kept before the secret is read again, milliseconds. */
const CACHE_MS = 15 * 60_000

async function getLicenseUser(
  event: APIGatewayProxyEvent,
  context: Context & { readonly token: { readonly accessToken: string } },
): Promise<APIGatewayProxyResult> {
  const userId = encodeURIComponent(event.pathParameters?.['userId'] ?? '')
  const response = await fetch(`${GENESYS_API_URL}/api/v2/license/users/${userId}`, {
    headers: { authorization: `Bearer ${context.token.accessToken}`, accept: 'application/json' },
  })
  if (!response.ok) throw createError(response.status, await response.text())
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(await response.json()),
  }
}

export const handler = middy(getLicenseUser)
  .use(secretsManager({ fetchData: { token: READ_TOKEN_SECRET }, cacheExpiry: CACHE_MS, setToContext: true }))
  .use(httpErrorHandler())
