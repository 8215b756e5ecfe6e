import { describe, expect, it } from 'vitest'
import { functionNameOf } from '../../../../infra/constructs/names.ts'
import { operations } from '../../../../lib/operations/index.ts'
import { at, eventFunctionNames, flat, listOf, operationNames, Synthesized } from '../../synthesized.ts'

const stack = new Synthesized('jwt')
const key = `<${stack.only('AWS::KMS::Key').id}>`

const READS_THE_ORG = 'take-inventory'

describe('the functions', () => {
  it('are one for each operation, each event, the tick, the rotation and the authorizer', () => {
    const expected = [
      ...operationNames.map(({ name }) => name),
      ...eventFunctionNames,
      'authorize',
      'rotate-token',
      'write-audit',
    ]
    expect([...stack.lambdaNames()].sort()).toEqual(expected.sort())
  })

  it('run on Node 24 and arm64, log JSON and trace', () => {
    for (const { Properties } of stack.ofType('AWS::Lambda::Function').values()) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      })
      expect(at(Properties, 'LoggingConfig', 'LogFormat')).toBe('JSON')
    }
  })

  it('have a whole core where people wait for a change or a search, or a list is planned, 512 MB where a chat waits or a whole org is put in order, and else 256 MB', () => {
    const chat = new Synthesized('chat')
    const memoryOf = (name: string) => chat.lambda(name).properties['MemorySize']
    for (const name of [
      'put-toggle',
      'post-license-organization',
      'create-change',
      'undo-change',
      'run-command',
      'take-turns',
      'list-users',
    ])
      expect(memoryOf(name)).toBe(1_769)
    for (const name of ['slack', 'teams', 'take-inventory']) expect(memoryOf(name)).toBe(512)
    for (const name of [
      'get-license-user',
      'list-changes',
      'flip-toggle',
      'advance-due-changes',
      'authorize',
    ])
      expect(memoryOf(name)).toBe(256)
  })

  it('live longer than the 14 s deadline of an operation, and no longer than 30 s, which the quiet period relies on; what streams files, and sends nothing, 120 s; what reads the whole org, and sends nothing, 15 minutes', () => {
    const streaming = operations.filter(({ files }) => files)
    const names = streaming.map(functionNameOf)
    for (const name of [...operationNames.map((each) => each.name), ...eventFunctionNames]) {
      expect([name, stack.lambda(name).properties['Timeout']]).toEqual([
        name,
        names.includes(name) ? 120 : name === READS_THE_ORG ? 900 : 28,
      ])
    }
    // None of these sends anything to Genesys that could land later.
    const unhurried = [...names, READS_THE_ORG, 'write-audit']
    for (const name of stack.lambdaNames().filter((each) => !unhurried.includes(each))) {
      expect(Number(stack.lambda(name).properties['Timeout'])).toBeLessThanOrEqual(30)
    }
    expect(streaming.filter(({ method, effect }) => method !== 'GET' || effect === 'write')).toEqual([])
  })
})

describe('the logs', () => {
  const logs = (of: Synthesized) => [...of.ofType('AWS::Logs::LogGroup').values()]

  it('are kept for a while and encrypted, each of them, those that API Gateway writes too', () => {
    for (const { Properties } of logs(stack)) {
      expect(Properties['RetentionInDays']).toBe(90)
      expect(flat(Properties['KmsKeyId'])).toBe(key)
    }
    const names = logs(stack).map(({ Properties }) => flat(Properties['LogGroupName']))
    expect(names).toContain('/genesys-license-gateway/jwt/access')
    expect(names.some((name) => /^API-Gateway-Execution-Logs_<\w+>\/live$/.test(name))).toBe(true)
    expect(names).toHaveLength(stack.lambdaNames().length + 2)
  })

  it('are kept for as long as the org file says', () => {
    for (const { Properties } of logs(new Synthesized('jwtPrivate')))
      expect(Properties['RetentionInDays']).toBe(365)
  })

  it('are there before the stage writes to them', () => {
    const [stage] = [...stack.ofType('AWS::ApiGateway::Stage').values()]
    expect(listOf(stage?.DependsOn).some((id) => String(id).startsWith('ApiExecutionLog'))).toBe(true)
  })

  it('outlive the stack where they say who used the gateway, and so does their key', () => {
    const access = logs(stack).find(({ Properties }) =>
      String(Properties['LogGroupName']).endsWith('/access'),
    )
    expect(access?.DeletionPolicy).toBe('RetainExceptOnCreate')
    expect([...stack.ofType('AWS::KMS::Key').values()][0]?.DeletionPolicy).toBe('RetainExceptOnCreate')
  })
})

it('each function’s variables fit into the 4 kB that Lambda takes, with the longest names', () => {
  for (const { Properties } of stack.ofType('AWS::Lambda::Function').values()) {
    const variables = Object.entries(at(Properties, 'Environment', 'Variables') ?? {}).map(
      // What is known at deployment alone is an ARN or a name at most.
      ([name, value]) => [name, typeof value === 'string' ? value : 'x'.repeat(160)],
    )
    const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(variables)))
    expect(bytes + 4 * 200).toBeLessThan(4096)
  }
})
