import { App, Stack, Validations } from 'aws-cdk-lib'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { AwsSolutionsChecks } from 'cdk-nag'
import { describe, expect, it } from 'vitest'
import { addStacks } from '../../../infra/stacks/add-stacks.ts'
import { orgs } from '../orgs/test-orgs.ts'
import { appOf } from '../synthesized.ts'

const { app } = appOf(Object.values(orgs), { add: addStacks })

/** Reasons of all acknowledgements anywhere in the app, by rule. */
const acknowledgements = app.node.findAll().flatMap((construct) =>
  construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, unknown>>))
    .map(([rule, reason]) => ({ path: construct.node.path, rule, reason: String(reason) })),
)

describe('cdk-nag AwsSolutions (N18)', () => {
  it('finds what is wrong with a stack that is', () => {
    const other = new App()
    new Topic(new Stack(other, 'Other'), 'Topic')
    const { violations } = new AwsSolutionsChecks(other).validateScope(other)
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SNS3')
  })

  it('finds nothing that is not acknowledged, with either authentication on either network, with chat and without', () => {
    const { violations } = new AwsSolutionsChecks(app).validateScope(app)
    expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([])
  })

  it('is part of synth', () => {
    expect(
      app
        .synth()
        .stacks.map(({ stackName }) => stackName)
        .sort(),
    ).toEqual([
      'genesys-gateway-account',
      'genesys-license-iam',
      'genesys-license-iam-private',
      'genesys-license-jwt',
      'genesys-license-jwt-private',
      'genesys-license-slack',
      'genesys-license-talk',
    ])
  })

  it('has a reason with each acknowledgement, and no rule acknowledged for a whole stack', () => {
    expect(acknowledgements.length).toBeGreaterThan(0)
    for (const { path, reason } of acknowledgements) {
      expect(reason.split(' ').length, path).toBeGreaterThan(6)
      expect(path.split('/').length, path).toBeGreaterThan(1)
    }
  })

  it('is acknowledged for these rules and no others', () => {
    const rules = new Set(acknowledgements.map(({ rule }) => /AwsSolutions-[A-Z]+\d+/.exec(rule)?.[0]))
    expect([...rules].sort()).toEqual([
      'AwsSolutions-APIG2',
      'AwsSolutions-APIG3',
      'AwsSolutions-APIG4',
      'AwsSolutions-COG4',
      'AwsSolutions-IAM4',
      'AwsSolutions-IAM5',
      'AwsSolutions-S1',
      'AwsSolutions-SMG4',
      'AwsSolutions-SQS3',
    ])
  })
})
