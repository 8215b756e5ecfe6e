import { describe, expect, it } from 'vitest'
import { at, flat, listOf, Synthesized, statementsIn } from '../../synthesized.ts'

const stack = new Synthesized('jwt')

describe('the key', () => {
  const [properties] = [...stack.ofType('AWS::KMS::Key').values()].map(({ Properties }) => Properties)
  const statements = statementsIn(properties?.['KeyPolicy'])
  const service = (name: string) =>
    statements.find(({ principal }) => flat(at(principal, 'Service')).startsWith(name))

  it('is rotated', () => {
    expect(properties?.['EnableKeyRotation']).toBe(true)
  })

  it('serves CloudWatch Logs for the log groups of this stack, and alarms of this account', () => {
    expect(
      listOf(at(service('logs.')?.condition, 'ArnLike', 'kms:EncryptionContext:aws:logs:arn')).map(flat),
    ).toEqual([
      'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/genesys-license-gateway/jwt/*',
      'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:API-Gateway-Execution-Logs_*',
    ])
    expect(flat(at(service('cloudwatch.')?.condition, 'StringEquals', 'aws:SourceAccount'))).toBe(
      '<AWS::AccountId>',
    )
  })

  it('is open to nobody outside the account', () => {
    for (const { principal } of statements) {
      const account = at(principal, 'AWS')
      if (account !== undefined) expect(flat(account)).toBe('arn:<AWS::Partition>:iam::<AWS::AccountId>:root')
    }
  })
})
