/** The tick tells how old the access tokens are, from what Secrets Manager says without opening a secret. */
import { describe, expect, it } from 'vitest'
import { startServer } from '../support/servers.ts'
import { type WorldOptions, world } from '../support/world.ts'

const HOUR_S = 3_600

async function ticking(options: WorldOptions = {}) {
  const each = await world({ isRotated: true, ...options })
  /** Lets so many hours pass, and a tick come. @returns what it told. */
  const agesAfter = async (hours: number, secretsManager = each.aws.url) => {
    each.logged.length = 0
    const variables = { ...each.variables, AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager }
    await each.later(hours * HOUR_S * 1000, variables)
    return each.logged
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(({ code }) => code === 'token.age')
      .map(({ ReadTokenAge, WriteTokenAge }) => [ReadTokenAge, WriteTokenAge])
  }
  return { ...each, agesAfter }
}

describe('the age of the access tokens', () => {
  it('is the time since each was rotated, in seconds, as a metric of the stack', async () => {
    const { agesAfter, rotateNow, logged } = await ticking()
    expect(await agesAfter(0)).toEqual([[0, 0]])
    expect(await agesAfter(3)).toEqual([[3 * HOUR_S, 3 * HOUR_S]])
    await rotateNow()
    expect(await agesAfter(1)).toEqual([[HOUR_S, 4 * HOUR_S]])
    const line = JSON.parse(logged.find((each) => each.includes('token.age')) ?? '')
    expect(line).toMatchObject({
      Stack: 'test',
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'GenesysLicenseGateway',
            Metrics: [
              { Name: 'ReadTokenAge', Unit: 'Seconds' },
              { Name: 'WriteTokenAge', Unit: 'Seconds' },
            ],
          },
        ],
      },
    })
  })

  it('is 0 while nobody has put credentials, however long, and then counted from when they were put', async () => {
    const { agesAfter, aws, arns, rotateNow } = await ticking({ isProvisioned: false })
    expect(await agesAfter(0)).toEqual([[0, 0]])
    expect(await agesAfter(100)).toEqual([[0, 0]])
    aws.putSecret(arns.readClient, '{"clientId":"nobody","clientSecret":"canary"}')
    expect(await agesAfter(2)).toEqual([[2 * HOUR_S, 0]])
    await rotateNow()
    expect(await agesAfter(12)).toEqual([[14 * HOUR_S, 0]])
  })

  it('begins anew with the first token', async () => {
    const { agesAfter, aws, arns, org, rotateNow } = await ticking({ isProvisioned: false })
    const { clientId, clientSecret } = org.clients.reader
    aws.putSecret(arns.readClient, JSON.stringify({ clientId, clientSecret }))
    expect(await agesAfter(5)).toEqual([[5 * HOUR_S, 0]])
    await rotateNow()
    expect(await agesAfter(1)).toEqual([[HOUR_S, 0]])
  })

  it('is told without opening a secret, with one look a token', async () => {
    const { agesAfter, aws, arns } = await ticking()
    const before = aws.requests().length
    await agesAfter(1)
    expect(
      aws
        .requests()
        .slice(before)
        .map(({ action, secretId }) => [action, secretId])
        .sort(),
    ).toEqual([
      ['DescribeSecret', arns.readToken],
      ['DescribeSecret', arns.writeToken],
    ])
  })

  it('that Secrets Manager does not tell is not told as any number, and the tick runs', async () => {
    const { agesAfter, aws, arns, logged } = await ticking()
    aws.fail('DescribeSecret', { type: 'InternalServiceError', status: 500, secretId: arns.readToken })
    expect(await agesAfter(1)).toEqual([[undefined, HOUR_S]])
    expect(logged.join('\n')).toMatch(/"level":"WARN".*"code":"token.age.unknown"/)
    expect(logged.join('\n')).toContain('"code":"tick.ran"')
    expect(aws.requests().filter(({ action }) => action === 'DescribeSecret')).not.toHaveLength(0)
  })

  it('that Secrets Manager hangs over costs one short try, and the tick has run before', async () => {
    const silent = await startServer(() => {})
    const { agesAfter, logged } = await ticking()
    expect(await agesAfter(1, silent)).toEqual([])
    const codes = logged.map((line) => JSON.parse(line).code)
    expect(codes).toEqual(['tick.ran', 'token.age.unknown', 'token.age.unknown'])
    expect(logged.join('')).toContain('no whole answer within 1000 ms')
  })
})
