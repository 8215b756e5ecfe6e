import { describe, expect, it } from 'vitest'
import { operations } from '../../../lib/operations/index.ts'
import { faultsOf } from './judge.ts'
import { beyondLimits, MAX_RESOURCES } from './limits.ts'
import { choicesTried, orgOf, synthesize } from './variants.ts'

/** Besides operations: the functions, queue, tables and alarms of inventories and lists, and a page with its sign-in. */
const RESERVE = 60

const variants = choicesTried().map((choice) => synthesize(orgOf(choice)))
const templates = variants.flatMap(({ templates }) => [...templates])

describe('the templates of every kind of org file', () => {
  it('are as the schemas of their resources have it', () => {
    for (const [name, template] of templates) expect(faultsOf(template), name).toEqual([])
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

  it('leave room for what is to come: a fifth of what CloudFormation takes stays free with 25 more operations', () => {
    const largest = variants.reduce((one, other) =>
      Object.keys(other.whole.Resources).length > Object.keys(one.whole.Resources).length ? other : one,
    )
    const more = operations.slice(0, 25).map((operation) => ({
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
