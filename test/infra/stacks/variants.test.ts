import { describe, expect, it } from 'vitest'
import type { OrgFile } from '../../../infra/orgs/define-org.ts'
import type { TemplateJson } from '../../../infra/stacks/whole-template.ts'
import { operations } from '../../../lib/operations/index.ts'
import { at, flat, statementsIn } from '../synthesized.ts'
import { faultsOf } from './judge.ts'
import { lasting, lastingIn } from './lasting.ts'
import { beyondLimits, MAX_RESOURCES } from './limits.ts'
import { choicesTried, orgOf, synthesize } from './variants.ts'

/** Besides operations: a page with its sign-in. */
const RESERVE = 40

const variants = choicesTried().map((choice) => synthesize(orgOf(choice)))
const templates = variants.flatMap(({ templates }) => [...templates])

describe('the templates of every kind of org file', () => {
  it('are as the schemas of their resources have it', () => {
    // Those within are the same in many.
    const distinct = new Map(
      templates.map(([name, template]) => [JSON.stringify(template), { name, template }]),
    )
    for (const { name, template } of distinct.values()) expect(faultsOf(template), name).toEqual([])
  })

  it('would be found wrong, were they', () => {
    const wrong = {
      Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: 'id', Colour: 'red' } } },
    }
    expect(faultsOf(wrong).join()).toMatch(/KeySchema/)
    expect(faultsOf(wrong).join()).toMatch(/Colour/)
  })
})

describe('the limits', () => {
  it('of CloudFormation, IAM and API Gateway are kept by every stack and every stack within one', () => {
    for (const [name, template] of templates) expect(beyondLimits(template), name).toEqual([])
  })

  it('leave room for what is to come: a fifth of what CloudFormation takes stays free with 6 more operations', () => {
    const largest = variants.reduce((one, other) =>
      Object.keys(other.whole.Resources).length > Object.keys(one.whole.Resources).length ? other : one,
    )
    const more = operations.slice(0, 6).map((operation) => ({
      ...operation,
      id: `more${operation.id}`,
      path: `/v1/more${operation.path}` as typeof operation.path,
    }))
    const { templates: grown } = synthesize(largest.org, { operations: [...operations, ...more] })
    for (const template of grown.values()) expect(beyondLimits(template)).toEqual([])
    const counts = [...grown.values()].map(({ Resources }) => Object.keys(Resources).length)
    for (const count of counts) expect(count).toBeLessThanOrEqual(MAX_RESOURCES - RESERVE)
    expect(counts).toHaveLength(2)
  })

  it('are seen when they are not kept', () => {
    const role = { Type: 'AWS::IAM::Role', Properties: { Description: 'the gateway’s' } }
    const many = Object.fromEntries(
      Array.from({ length: MAX_RESOURCES }, (_, index) => [`Role${index}`, role]),
    )
    const api = { Type: 'AWS::ApiGateway::RestApi', Properties: { Policy: 'x'.repeat(8_200) } }
    const faults = beyondLimits({ Resources: { ...many, 'an-api': api } })
    expect(faults).toEqual(
      expect.arrayContaining([
        '431 resources, of 430',
        expect.stringMatching(/^Role0 Description: 'the gateway’s' is not /),
        'an-api Policy: 8202 characters, of 8192',
        'an-api is no logical id',
      ]),
    )
  })
})

describe('what keeps something, or is known by its name or address (table, secrets, key, bus, APIs and the like)', () => {
  const nameless = (text: string, { name }: OrgFile) => text.replaceAll(name, 'NAME')

  it('is never made anew, whatever an operator changes in an org file but its name, nor by a deployment of this code', () => {
    for (const { org, whole } of variants) {
      for (const [id, identity] of lastingIn(whole))
        expect(`${id} ${nameless(identity, org)}`).toBe(`${id} ${lasting[id]}`)
    }
  })

  it('is there in every stack, what an org file leaves out aside', () => {
    const optional = /^(Chat|CustomDomain|LedgerTable|AuditStorage|AlarmsTopic)/
    for (const { whole } of variants) {
      const ids = [...lastingIn(whole).keys()]
      expect(ids).toEqual(expect.arrayContaining(Object.keys(lasting).filter((id) => !optional.test(id))))
    }
    const all = variants.flatMap(({ whole }) => [...lastingIn(whole).keys()])
    expect([...new Set(all)].sort()).toEqual(Object.keys(lasting).sort())
  })

  it('would be caught, were it to get another name, another key or another place in the code', () => {
    const table = (id: string, properties: object) => ({
      Resources: { [id]: { Type: 'AWS::DynamoDB::Table', Properties: properties } },
    })
    const KeySchema = [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]
    const changed = (id: string, properties: object) =>
      [...lastingIn(table(id, properties))].some(([each, identity]) => lasting[each] !== identity)
    expect(changed('LedgerTable9343E4AA', { KeySchema })).toBe(false)
    expect(changed('LedgerTable9343E4AA', { KeySchema, TableName: 'ledger' })).toBe(true)
    expect(changed('LedgerTable9343E4AA', { KeySchema: KeySchema.slice(1) })).toBe(true)
    expect(changed('StorageTable00000000', { KeySchema })).toBe(true)
  })
})

describe('a ledger that is there already', () => {
  const [adopting] = variants.filter(({ org }) => org.ledgerTable)
  const [making] = variants.filter(({ org }) => !org.ledgerTable)
  const policies = (template: TemplateJson | undefined) =>
    Object.values(template?.Resources ?? {})
      .filter(({ Type }) => Type === 'AWS::IAM::Policy')
      .flatMap(({ Properties }) => statementsIn(at(Properties, 'PolicyDocument')))
      .filter(({ actions }) => actions.some((action) => /^dynamodb:/.test(action)))
  const tables = (template: TemplateJson | undefined) =>
    Object.entries(template?.Resources ?? {}).filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table')

  it('is used by its name, and the stack makes none', () => {
    expect(tables(adopting?.whole)).toEqual([])
    expect(tables(making?.whole)).toHaveLength(1)
    expect(at(adopting?.whole.Outputs, 'TableName', 'Value')).toBe('restored')
    const told = Object.values(adopting?.whole.Resources ?? {})
      .map((resource) => at(resource, 'Properties', 'Environment', 'Variables', 'LEDGER_TABLE'))
      .filter((name) => name !== undefined)
    expect(told.length).toBeGreaterThan(10)
    expect(new Set(told)).toEqual(new Set(['restored']))
  })

  it('has the same said about it in every policy as one that the stack made, and on it alone', () => {
    const said = (template: TemplateJson | undefined) =>
      policies(template).map(({ actions, condition, resources }) =>
        JSON.stringify([
          actions,
          condition,
          resources.map((arn) => arn.replace(/^.*:table\/restored|^<\w+>/, 'TABLE')),
        ]),
      )
    expect(new Set(said(adopting?.whole))).toEqual(new Set(said(making?.whole)))
    for (const arn of policies(adopting?.whole).flatMap(({ resources }) => resources)) {
      expect(arn).toMatch(/^arn:.+:dynamodb:.+:table\/restored(\/index\/(due|list))?$/)
    }
  })

  it('is read with the key that it is encrypted with', () => {
    const keys = Object.values(adopting?.whole.Resources ?? {})
      .filter(({ Type }) => Type === 'AWS::IAM::Policy')
      .flatMap(({ Properties }) => statementsIn(at(Properties, 'PolicyDocument')))
      .filter(({ condition }) =>
        flat(at(condition, 'StringEquals', 'kms:ViaService')).startsWith('dynamodb.'),
      )
      .flatMap(({ resources }) => resources)
    expect(new Set(keys)).toEqual(new Set([adopting?.org.ledgerTable?.keyArn]))
  })
})

describe('an audit bucket that is there already', () => {
  const [adopting] = variants.filter(({ org }) => org.audit?.bucketName !== undefined)
  const [making] = variants.filter(({ org }) => org.audit?.bucketName === undefined)
  const bucketsIn = (template: TemplateJson | undefined) =>
    Object.values(template?.Resources ?? {}).filter(({ Type }) => /^AWS::S3::/.test(String(Type)))

  it('is used by its name, and the stack makes none and changes nothing of it', () => {
    expect(bucketsIn(adopting?.whole)).toEqual([])
    expect(bucketsIn(making?.whole).map(({ Type }) => Type)).toEqual([
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
    ])
    expect(at(adopting?.whole.Outputs, 'AuditBucketName', 'Value')).toBe('kept-with-it')
    const told = Object.values(adopting?.whole.Resources ?? {})
      .map((resource) => at(resource, 'Properties', 'Environment', 'Variables', 'AUDIT_BUCKET'))
      .filter((name) => name !== undefined)
    expect(told).toEqual(['kept-with-it'])
  })

  it('takes files under their prefix from one role, and nobody has any other right to it', () => {
    const said = Object.values(adopting?.whole.Resources ?? {})
      .filter(({ Type }) => Type === 'AWS::IAM::Policy')
      .flatMap(({ Properties }) => statementsIn(at(Properties, 'PolicyDocument')))
      .filter(({ actions }) => actions.some((action) => /^s3:/.test(action)))
    expect(said.map(({ actions }) => actions)).toEqual([['s3:PutObject']])
    expect(said.flatMap(({ resources }) => resources)).toEqual([
      expect.stringMatching(/^arn:.+:s3:::kept-with-it\/audit\/\*$/),
    ])
  })

  it('made by the stack, is locked as the org file says', () => {
    const [bucket] = bucketsIn(making?.whole)
    expect(at(bucket, 'Properties', 'ObjectLockConfiguration')).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } },
    })
  })
})

describe('settings of the CDK and of the account', () => {
  const [org] = variants.map((each) => each.org)
  if (org === undefined) throw new Error('No org file was tried')

  it('tags go to the stack, which CloudFormation hands on to all that it makes', () => {
    const [tagged, ...others] = variants.filter((each) => each.org.tags)
    expect(others.length).toBeGreaterThan(0)
    expect(tagged?.stack.tags.tagValues()).toEqual({ 'cost-centre': '1234', owner: 'Überlandwerk + Söhne' })
  })

  it('a permissions boundary is on every role, and a qualifier in every name of the bootstrap', () => {
    const { whole } = synthesize(org, {
      context: {
        '@aws-cdk/core:permissionsBoundary': { name: 'operators-boundary' },
        '@aws-cdk/core:bootstrapQualifier': 'ourown',
      },
    })
    const roles = Object.values(whole.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role')
    expect(roles.length).toBeGreaterThan(30)
    for (const role of roles) {
      expect(flat(at(role, 'Properties', 'PermissionsBoundary'))).toMatch(/:policy\/operators-boundary$/)
    }
    const text = JSON.stringify(whole)
    expect(text).toContain('cdk-ourown-assets-')
    expect(text).not.toContain('cdk-hnb659fds')
  })
})
