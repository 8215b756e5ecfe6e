import { describe, expect, it } from 'vitest'
import { grant } from '../../lib/credentials/client-credentials.ts'
import { tryToken } from '../../lib/credentials/try-token.ts'
import { isRegion, originsOf, regions } from '../../lib/genesys/regions.ts'
import type { Transport } from '../../lib/transport/transport.ts'
import { fakeClock } from '../support/fake-clock.ts'

/** As Genesys lists them: where logins go, and where the API is. */
const hosts = [
  ['us_east_1', 'login.mypurecloud.com', 'api.mypurecloud.com'],
  ['eu_west_1', 'login.mypurecloud.ie', 'api.mypurecloud.ie'],
  ['ap_southeast_2', 'login.mypurecloud.com.au', 'api.mypurecloud.com.au'],
  ['ap_northeast_1', 'login.mypurecloud.jp', 'api.mypurecloud.jp'],
  ['eu_central_1', 'login.mypurecloud.de', 'api.mypurecloud.de'],
  ['us_west_2', 'login.usw2.pure.cloud', 'api.usw2.pure.cloud'],
  ['ca_central_1', 'login.cac1.pure.cloud', 'api.cac1.pure.cloud'],
  ['ap_northeast_2', 'login.apne2.pure.cloud', 'api.apne2.pure.cloud'],
  ['eu_west_2', 'login.euw2.pure.cloud', 'api.euw2.pure.cloud'],
  ['ap_south_1', 'login.aps1.pure.cloud', 'api.aps1.pure.cloud'],
  ['us_east_2', 'login.use2.us-gov-pure.cloud', 'api.use2.us-gov-pure.cloud'],
  ['sa_east_1', 'login.sae1.pure.cloud', 'api.sae1.pure.cloud'],
  ['me_central_1', 'login.mec1.pure.cloud', 'api.mec1.pure.cloud'],
  ['ap_northeast_3', 'login.apne3.pure.cloud', 'api.apne3.pure.cloud'],
  ['eu_central_2', 'login.euc2.pure.cloud', 'api.euc2.pure.cloud'],
  ['mx_central_1', 'login.mxc1.pure.cloud', 'api.mxc1.pure.cloud'],
  ['ap_southeast_1', 'login.apse1.pure.cloud', 'api.apse1.pure.cloud'],
  ['eusc_de_east_1', 'login.edee1.eusc-pure.cloud', 'api.edee1.eusc-pure.cloud'],
] as const

describe('a Genesys region', () => {
  it('is one of those that Genesys lists, and no other', () => {
    expect(Object.keys(regions)).toEqual(hosts.map(([region]) => region))
    for (const name of ['', 'us-east-1', 'constructor', '__proto__']) expect(isRegion(name)).toBe(false)
  })

  it.each(hosts)('%s is logged in to at %s and called at %s, over TLS', async (region, login, api) => {
    const asked: string[] = []
    const transport: Transport = async ({ origin, path }) => {
      asked.push(`${origin}${path}`)
      const grant = { access_token: 't', token_type: 'bearer', expires_in: 86_400 }
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(grant)) }
    }
    const origins = originsOf(region)
    const credentials = { clientId: 'id', clientSecret: 'secret' }
    const { accessToken } = await grant(credentials, origins.login, transport, fakeClock())
    await tryToken(accessToken, origins.api, transport)
    expect(asked).toEqual([`https://${login}/oauth/token`, `https://${api}/api/v2/license/definitions`])
  })
})
