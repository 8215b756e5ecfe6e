/** GET /v1/me, by the function that deploys behind the real authorizer, and where requests are signed. */
import { describe, expect, it } from 'vitest'
import { Me } from '../../lib/changes/answers/decision-schemas.ts'
import type { Policy } from '../../lib/changes/model/policy.ts'
import { operations } from '../../lib/operations/index.ts'
import { getMe } from '../../lib/operations/me/get-me.ts'
import { includesRole, roles } from '../../lib/roles.ts'
import { gatewayForTests } from '../support/gateway.ts'
import { world } from '../support/world.ts'

const { gateway, tokens } = await gatewayForTests()

describe('somebody with a token', () => {
  it.each(roles)(
    'that makes them %s is told so, with their name and what that role includes',
    async (role) => {
      const answer = await fetch(`${gateway}/v1/me`, { headers: { authorization: `Bearer ${tokens[role]}` } })
      const { operations: told, ...me } = Me.parse(await answer.json())
      const tools = role === 'operator' ? ['local-events'] : []
      expect(me).toMatchObject({ id: `local-${role}`, kind: 'jwt', person: `local-${role}`, role, tools })
      const included = operations.filter((each) => includesRole(role, each.role)).map(({ id }) => id)
      expect(told).toEqual(included)
      expect(included.includes('approveChange')).toBe(role === 'approver')
    },
  )
})

const policy: Policy = {
  approvals: [],
  people: {
    ana: {
      role: 'operator',
      jwt: ['ana'],
      name: 'Ana Abebe',
      email: 'ana@example.com',
      timeZone: 'Europe/Berlin',
    },
    bo: { role: 'approver', iam: ['arn:aws:iam::111122223333:role/approvers'] },
  },
  tools: { wfm: { owners: ['ana', 'bo'], jwt: ['wfm-client'] }, hr: { owners: ['bo'] } },
}

async function askAs(context: object, auth = 'jwt') {
  const each = await world({ org: { users: 1 }, policy: policy })
  const get = each.recorder(getMe, {}, { ...each.variables, GATEWAY_AUTH: auth })
  const { status, json } = await get({ requestContext: { requestId: 'r', ...context } })
  expect(status).toBe(200)
  return json
}

describe('whom the org file knows', () => {
  it('as a person is told what it says of them, and the tools that they own', async () => {
    expect(await askAs({ authorizer: { role: 'operator', subject: 'ana' } })).toEqual({
      ...{ id: 'ana', kind: 'jwt', person: 'ana', role: 'operator', tools: ['wfm'] },
      ...{ name: 'Ana Abebe', email: 'ana@example.com', timeZone: 'Europe/Berlin' },
    })
  })

  it('as a tool is told which', async () => {
    expect(await askAs({ authorizer: { role: 'viewer', subject: 'wfm-client' } })).toEqual({
      ...{ id: 'wfm-client', kind: 'jwt', tool: 'wfm', role: 'viewer', tools: [] },
    })
  })

  it('by how they sign is told no role: their IAM policy decides', async () => {
    const userArn = 'arn:aws:sts::111122223333:assumed-role/approvers/bo'
    expect(await askAs({ identity: { userArn } }, 'iam')).toEqual({
      ...{ id: userArn, kind: 'iam', person: 'bo', tools: ['wfm', 'hr'] },
    })
  })
})

describe('whom the org file does not know', () => {
  it('is told that alone which the token says, and of a token without a subject no id', async () => {
    expect(await askAs({ authorizer: { role: 'viewer', subject: 'stranger' } })).toEqual({
      ...{ id: 'stranger', kind: 'jwt', role: 'viewer', tools: [] },
    })
    expect(await askAs({ authorizer: { role: 'viewer' } })).toEqual({
      kind: 'jwt',
      role: 'viewer',
      tools: [],
    })
  })
})
