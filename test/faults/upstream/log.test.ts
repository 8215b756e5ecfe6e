/** What a request leaves in the log and the metrics of Genesys's answers. */
import { describe, expect, it } from 'vitest'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { userIn } from '../../support/requests.ts'
import { startServer } from '../../support/servers.ts'
import { world } from '../../support/world.ts'

/** Asks for a user where Genesys sends such headers; the log's one line, parsed. */
async function withHeaders(headers: Record<string, string>) {
  const { reader, variables, org, logged } = await world()
  const { id, event } = userIn({ org })
  const url = await startServer((_, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    response.end(JSON.stringify({ id }))
  })
  const answer = await reader(getLicenseUser, {}, { ...variables, GENESYS_API_URL: url })(event)
  expect(logged).toHaveLength(1)
  expect(logged[0]?.indexOf('\n')).toBe((logged[0]?.length ?? 0) - 1)
  const line: Record<string, unknown> = JSON.parse(logged[0] ?? '')
  return { answer, line }
}

describe("Genesys's correlation id", () => {
  it('is in answer and log where it is sound (H45)', async () => {
    const id = '6e5e4b32-1111-4222-8333-944455556666'
    const { answer, line } = await withHeaders({ 'ININ-Correlation-Id': id })
    expect(answer).toMatchObject({ status: 200, headers: { 'inin-correlation-id': id } })
    expect(line).toMatchObject({
      code: 'request.served',
      level: 'INFO',
      correlationId: id,
      upstreamStatus: 200,
    })
  })

  it.each([
    ['absent', {}],
    ['empty', { 'ININ-Correlation-Id': '' }],
    ['a line of a log', { 'ININ-Correlation-Id': '{"level":"ERROR"}' }],
    ['markup', { 'ININ-Correlation-Id': '<script>' }],
    ['not ASCII', { 'ININ-Correlation-Id': 'caf\u00e9' }],
    ['with a tab', { 'ININ-Correlation-Id': 'a\tb' }],
    ['too long', { 'ININ-Correlation-Id': 'a'.repeat(65) }],
  ])('is in neither where it is %s (H45)', async (_, headers) => {
    const { answer, line } = await withHeaders(headers)
    expect(answer.status).toBe(200)
    expect(answer.headers['inin-correlation-id']).toBeUndefined()
    expect(line).not.toHaveProperty('correlationId')
  })
})

describe("Genesys's rate limit headers", () => {
  it('become metrics', async () => {
    const { line } = await withHeaders({ 'inin-ratelimit-count': '180', 'inin-ratelimit-allowed': '300' })
    expect(line).toMatchObject({ RateLimitUsed: 180, RateLimitAllowed: 300, Stack: 'test' })
    expect(JSON.stringify(line['_aws'])).toContain('"Name":"RateLimitUsed"')
  })

  it.each(['-1', '1e9', 'NaN', '9'.repeat(40), ''])('that say "%s" become none', async (value) => {
    const { line } = await withHeaders({ 'inin-ratelimit-count': value, 'inin-ratelimit-allowed': value })
    expect(line).not.toHaveProperty('RateLimitUsed')
    expect(JSON.stringify(line['_aws'])).not.toContain('RateLimit')
  })
})

describe('the log of a request', () => {
  it('counts what was sent again, and says why it failed, the caller being told less', async () => {
    const { org, reader, logged } = await world()
    const user = userIn({ org })
    org.addFaults([{ match: { path: user.path }, times: 9, do: { reset: true } }])
    const answer = await reader(getLicenseUser)(user.event)
    const line: Record<string, unknown> = JSON.parse(logged.join(''))
    expect(line).toMatchObject({
      level: 'ERROR',
      operation: 'getLicenseUser',
      status: 502,
      errorCode: 'upstream.bad.response',
      upstreamRequests: 3,
      UpstreamRetries: 2,
      error: { name: 'GatewayError', cause: { name: 'TransportError' } },
    })
    expect(answer.text).not.toMatch(/TransportError|ECONNRESET|node:/)
  })
})
