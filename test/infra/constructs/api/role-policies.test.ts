import { Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { resourcePolicy } from '../../../../infra/constructs/api/resource-policy.ts'
import { methodPatternOf } from '../../../../lib/http/method-arns.ts'
import { operations } from '../../../../lib/operations/index.ts'
import { includesRole, roles } from '../../../../lib/roles.ts'
import { orgs } from '../../orgs/test-orgs.ts'
import { at, flat, listOf, Synthesized, statementsIn } from '../../synthesized.ts'
import { reaches } from './arn-patterns.ts'

describe('a pattern reaches a route', () => {
  it.each([
    ['POST/v1/changes/*', 'POST/v1/changes/{changeId}', true],
    ['POST/v1/changes/*', 'POST/v1/changes/{changeId}/approve', true],
    ['POST/v1/changes/*/apply', 'POST/v1/changes/{changeId}/approve', false],
    ['POST/v1/changes/*/apply', 'POST/v1/changes/{changeId}/apply', true],
    ['GET/v1/changes/*', 'POST/v1/changes/{changeId}/approve', false],
    ['*/v1/changes/*', 'POST/v1/changes/{changeId}/approve', true],
    ['POST/v1/changes/*e', 'POST/v1/changes/{changeId}/approve', true],
    ['POST/v1/changes', 'POST/v1/changes/{changeId}', false],
    ['POST/v1/changes/', 'POST/v1/changes/{changeId}', false],
    ['POST/v1/changes/approve', 'POST/v1/changes/{changeId}', true],
    ['POST/v1/changes/a/b', 'POST/v1/changes/{changeId}', false],
    ['POST/v1/*/approve', 'POST/v1/changes/{changeId}/{decision}', true],
    ['*', 'POST/v1/changes/{changeId}/approve', true],
  ])('%s -> %s: %s', (pattern, route, expected) => {
    expect(reaches(pattern, route)).toBe(expected)
  })
})

describe('the managed policies', () => {
  const stack = new Synthesized('iam')

  /** Method and path patterns of a role's policy, the API's ARN and stage taken off. */
  const patternsOf = (role: string) =>
    [...stack.ofType('AWS::IAM::ManagedPolicy').values()]
      .filter(({ Properties }) => String(Properties['Description']).endsWith(` as ${role}`))
      .flatMap(({ Properties }) => statementsIn(Properties['PolicyDocument']))
      .flatMap(({ resources }) => resources)
      .map((arn) => {
        const [prefix = '', stage, ...pattern] = arn.split('/')
        expect(prefix).toMatch(/^arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<\w+>$/)
        expect(stage).toBe('live')
        return pattern.join('/')
      })

  it.each(roles)('%s: names exactly the methods of its operations', (role) => {
    const own = operations.filter((operation) => includesRole(role, operation.role))
    expect(patternsOf(role).sort()).toEqual(own.map(methodPatternOf).sort())
  })

  it.each(roles)('%s: no pattern reaches a route of a higher role', (role) => {
    const higher = operations.filter((operation) => !includesRole(role, operation.role))
    const reached = patternsOf(role).flatMap((pattern) =>
      higher
        .filter(({ method, path }) => reaches(pattern, `${method}${path}`))
        .map(({ id }) => `${pattern} -> ${id}`),
    )
    expect(reached).toEqual([])
  })

  it('would be caught granting an operator what approvers alone may do', () => {
    const apply = { method: 'POST', path: '/v1/changes/{changeId}/apply' } as const
    const approve = { method: 'POST', path: '/v1/changes/{changeId}/approve' } as const
    const read = { method: 'GET', path: '/v1/changes/{changeId}' } as const
    const route = `${approve.method}${approve.path}`
    expect([apply, read].map(methodPatternOf).some((pattern) => reaches(pattern, route))).toBe(false)
    expect(reaches(methodPatternOf(approve), route)).toBe(true)
    expect(reaches(methodPatternOf({ method: 'POST', path: '/v1/changes/{changeId}' }), route)).toBe(true)
  })

  it('are attached to the roles of this account that the org file names', () => {
    const attached = [...stack.ofType('AWS::IAM::ManagedPolicy').values()].map(({ Properties }) => [
      String(Properties['Description']).split(' as ')[1],
      Properties['Roles'] ?? [],
    ])
    expect(Object.fromEntries(attached)).toEqual({ viewer: ['reporting-tool'], operator: [], approver: [] })
  })

  it('have their counterpart in a resource policy that API Gateway takes, with each operation once', () => {
    const role = (name: string) => `arn:aws:iam::111111111111:role/${name}`
    const many = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => role(`${name}-${index}`))
    const policyOf = (roles: Partial<Record<'viewer' | 'operator' | 'approver', string[]>>) => {
      const { network, ...org } = orgs.iamPrivate
      return resourcePolicy(
        new Stack(),
        { ...org, network: { kind: 'regional' }, auth: { kind: 'iam', roles } },
        operations,
      )
    }
    const listed = { viewer: many('v', 8), operator: many('o', 8), approver: many('a', 8) }
    const statements = statementsIn(policyOf(listed)?.toJSON())
    expect(statements.flatMap(({ resources }) => resources).sort()).toEqual(
      operations.map((operation) => `execute-api:/live/${methodPatternOf(operation)}`).sort(),
    )
    for (const { resources, principal } of statements) {
      const needed = operations.filter((operation) =>
        resources.includes(`execute-api:/live/${methodPatternOf(operation)}`),
      )
      for (const each of roles) {
        const may = needed.every((operation) => includesRole(each, operation.role))
        expect(listOf(at(principal, 'AWS')).includes(listed[each][0])).toBe(may)
      }
    }
    const tooMany = { ...listed, viewer: many('a-role-with-quite-a-long-name-for-a-viewer', 60) }
    expect(() => policyOf(tooMany)).toThrow(
      /^Org file 'iam-private': auth\.roles must name fewer roles of other accounts: .* \d+ characters long, and API Gateway takes 8192\.$/,
    )
  })

  it('have their counterpart in the resource policy for roles of other accounts (N09)', () => {
    const [api] = [...stack.ofType('AWS::ApiGateway::RestApi').values()]
    const [statement, ...others] = statementsIn(api?.Properties['Policy'])
    expect(others).toEqual([])
    expect(statement?.principal).toEqual({ AWS: 'arn:aws:iam::000000000000:role/licensing-tool' })
    const own = operations.filter(({ role }) => includesRole('operator', role))
    expect([...(statement?.resources ?? [])].map(flat).sort()).toEqual(
      own.map((operation) => `execute-api:/live/${methodPatternOf(operation)}`).sort(),
    )
  })
})

describe('with jwt', () => {
  it('no managed policy is made: the authorizer decides', () => {
    expect(new Synthesized('jwt').ofType('AWS::IAM::ManagedPolicy').size).toBe(0)
  })
})
