/** Genesys's official JavaScript SDK, unmodified, pointed at the gateway. It has one client a process. */
import platformClient from 'purecloud-platform-client-v2'
import type { LocalStack } from '../../infra/local/stack.ts'
import type { Role } from '../../lib/roles.ts'

/** What the SDK rejected with. @throws Error where it did not reject. */
export async function rejection(call: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await call
  } catch (error) {
    return error
  }
  throw new Error(`the SDK did not reject but answered ${JSON.stringify(value)}`)
}

/** The SDK's license API as a caller of that role, and its bare client for what it has no method for. */
export function sdkAs(stack: LocalStack, role: Role) {
  const { hostname, port } = new URL(stack.gateway)
  const client = platformClient.ApiClient.instance
  client.setGateway({ host: hostname, protocol: 'http', port: Number(port) })
  client.setAccessToken(stack.tokens[role])
  return {
    api: new platformClient.LicenseApi(),
    /** As its methods were generated until 52, when GET organization was taken out. */
    getLicenseOrganization: () =>
      client.callApi(
        '/api/v2/license/organization',
        'GET',
        {},
        {},
        {},
        {},
        null,
        ['PureCloud OAuth'],
        ['application/json'],
        ['application/json'],
      ),
  }
}
