import { ArtifactMetadataEntryType } from 'aws-cdk-lib/cloud-assembly-schema'
import { SynthesisMessageLevel } from 'aws-cdk-lib/cx-api'
import { describe, expect, it } from 'vitest'
import { defineOrg, type OrgFile } from '../../../infra/orgs/define-org.ts'
import { orgs } from '../orgs/test-orgs.ts'
import { appOf, at, flat, Synthesized } from '../synthesized.ts'

const stack = new Synthesized('jwt')

describe('an org file that leaves its place out', () => {
  const arn = 'arn:aws:wafv2:eu-west-1:000000000000:regional/webacl/x/00000000-0000-4000-8000-000000000000'
  const errorsAt = (region: string, account?: string, aws?: OrgFile['aws']) => {
    const org = defineOrg({ ...orgs.iam, waf: { webAclArn: arn }, ...(aws ? { aws } : {}) })
    const [made] = appOf([org], { operations: [], deployer: { region, account } }).stacks
    if (!made) throw new Error('no stack was made')
    return made.node.metadata
      .filter(({ type }) => type === ArtifactMetadataEntryType.ERROR)
      .map(({ data }) => data)
  }

  it('is held against where the credentials of the deployment point', () => {
    expect(errorsAt('eu-west-1')).toEqual([])
    expect(errorsAt('us-east-1')).toEqual(
      ['customDomain.certificateArn', 'waf.webAclArn'].map(
        (field) =>
          `Org file 'iam': ${field} must be of the region us-east-1, where your AWS credentials point, not of eu-west-1.`,
      ),
    )
    expect(errorsAt('eu-west-1', '111111111111')).toHaveLength(2)
    expect(errorsAt('cn-north-1')).toEqual([
      expect.stringContaining(
        "aws.region must be one of AWS's commercial or GovCloud regions, not cn-north-1",
      ),
    ])
  })

  it('is not, where it says its own', () => {
    expect(errorsAt('us-east-1', '111111111111', { account: '000000000000', region: 'eu-west-1' })).toEqual(
      [],
    )
  })
})

describe('the outputs', () => {
  it('tell where events go, where changes are kept and where dead letters lie', () => {
    const outputs = stack.template.findOutputs('*')
    const value = (name: string) => flat(at(outputs[name], 'Value'))
    const [table, bus] = ['AWS::DynamoDB::Table', 'AWS::Events::EventBus'].map(
      (type) => `<${stack.only(type).id}>`,
    )
    expect([value('EventBusName'), value('EventBusArn')]).toEqual([bus, bus])
    expect(value('TableName')).toBe(table)
    expect(value('DeadLetterQueueUrl')).toBe(`<${stack.queue('deadLetters').id}>`)
    expect(value('ListLetterQueueUrl')).toBe(`<${stack.queue('listLetters').id}>`)
  })

  it('tell the address, the secrets to fill and the topic', () => {
    const outputs = Object.values(stack.template.findOutputs('*')).map((output) => flat(at(output, 'Value')))
    expect(outputs).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^https:\/\/<\w+>\.execute-api\.<AWS::Region>\.<AWS::URLSuffix>\/<\w+>\/$/),
        'genesys-license-gateway/jwt/read-client-credentials',
        'genesys-license-gateway/jwt/write-client-credentials',
      ]),
    )
    expect(
      Object.keys(new Synthesized('iam').template.findOutputs('*')).filter((id) => id.includes('PolicyArn')),
    ).toHaveLength(3)
  })
})

describe('synth with iam', () => {
  it('says that official SDKs need jwt', () => {
    const said = (kind: 'iam' | 'jwt') =>
      new Synthesized(kind).stack.node.metadata.map(({ data }) => String(data))
    expect(said('iam').join()).toMatch(/Official Genesys SDKs send a bearer token and need 'jwt'/)
    expect(said('jwt').join()).not.toMatch(/SDKs/)
  })
})

describe('the account stack', () => {
  it('is one for all orgs of an account and region, deployed before them', () => {
    const { stacks } = appOf(Object.values(orgs))
    const before = stacks.map(({ dependencies }) => dependencies.map(({ stackName }) => stackName))
    expect(before).toEqual(Object.keys(orgs).map(() => ['genesys-gateway-account']))
  })
})

/** What is warned of when the stack of the org with everything is made. */
function warnings(): string[] {
  const { stack: made, assembly } = new Synthesized('chat')
  const { messages } = assembly.getStackArtifact(made.artifactId)
  return messages
    .filter(({ level }) => level === SynthesisMessageLevel.WARNING)
    .map(({ entry }) => String(entry.data))
}

it('seats in the older table are warned of when the stack is made, with what to write', () => {
  expect(warnings().filter((data) => data.includes('licenses:'))).toEqual([
    expect.stringMatching(
      /^seats is read for one release more: write licenses: \{ wallboardUser: \{ seats: 5 \} \} in its place\./,
    ),
  ])
})

it('a tool that nobody is known to keep is warned of when the stack is made', () => {
  expect(warnings().filter((data) => data.includes('has no owners'))).toEqual([
    expect.stringMatching(/^tools\.orphan has no owners/),
  ])
})

it('a rule of approval for more people than a change may be about is warned of when the stack is made', () => {
  expect(warnings().filter((data) => data.includes('mostPeople'))).toEqual([
    expect.stringMatching(
      /^approvals\.1\.peopleOver is 2000, and limits\.mostPeople .* the rule never asks\./,
    ),
  ])
})
