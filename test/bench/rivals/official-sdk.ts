/** Genesys's own JavaScript SDK, given the token of the same secret, which the AWS SDK reads. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import platformClient from 'purecloud-platform-client-v2'

const { GENESYS_API_URL, READ_TOKEN_SECRET = '' } = process.env

const secrets = new SecretsManagerClient({})
const client = platformClient.ApiClient.instance
const licenses = new platformClient.LicenseApi()

if (GENESYS_API_URL === undefined) client.setEnvironment('mypurecloud.com')
else {
  const { hostname, port } = new URL(GENESYS_API_URL)
  client.setGateway({ host: hostname, protocol: 'http', port: Number(port) })
}

let isReady: Promise<void> | undefined

export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  isReady ??= useToken()
  await isReady
  const user = await licenses.getLicenseUser(event.pathParameters?.['userId'] ?? '')
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(user) }
}

async function useToken(): Promise<void> {
  const { SecretString = '{}' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: READ_TOKEN_SECRET }),
  )
  client.setAccessToken(JSON.parse(SecretString).accessToken)
}
