import { GatewayError } from '../../errors.ts'
import { foldOrganization } from '../../genesys/models/fold-organization.ts'
import { LicenseOrganization, type UserLicenses } from '../../genesys/models/licenses.ts'
import { defineOperation, MAX_ANSWER_BYTES, OperationAnswer } from '../../operation.ts'
import { grantLicenses } from '../permissions.ts'

/** Bytes of one holder in the answer: a UUID twice, keys and quotes. */
const BYTES_PER_HOLDER = 112

export const getLicenseOrganization = defineOperation({
  id: 'getLicenseOrganization',
  method: 'GET',
  path: '/api/v2/license/organization',
  summary: 'Who holds what in the whole organization',
  description:
    'Genesys removed this operation in 2019; the gateway folds it from all pages of GET users. All who ask share one reading, which is begun anew when it is a minute old; `X-Reading-At` says when it was begun. 429 where another request is at it, or where it goes on later: repeated after `Retry-After` it goes on from there. 413 `response.too.large` only where it never fits: more users than half of a minute’s requests can read, or more holders than one answer holds.',
  effect: 'walk',
  role: 'viewer',
  params: {},
  response: LicenseOrganization,
  permissions: grantLicenses,
  deprecation: {
    since: new Date('2019-06-29T00:00:00Z'),
    warning:
      'Genesys removed this operation on 2019-06-29; the gateway derives it from GET /api/v2/license/users',
  },
  async run({ licensesOfAll, org }) {
    const { users, atMs } = await licensesOfAll()
    refuseTooMany(users)
    return new OperationAnswer(foldOrganization(org, users), 200, {
      'x-reading-at': new Date(atMs).toISOString(),
    })
  },
})

function refuseTooMany(users: readonly UserLicenses[]): void {
  const holders = users.reduce((sum, { licenses }) => sum + (licenses?.length ?? 0), 0)
  if (holders * BYTES_PER_HOLDER <= MAX_ANSWER_BYTES) return
  throw new GatewayError(
    'response.too.large',
    `What the organization's ${users.length} users hold does not fit one answer; read them in pages with GET /api/v2/license/users`,
  )
}
