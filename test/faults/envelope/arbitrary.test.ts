/** Whatever a function is invoked with, it answers; what is malformed is a 4xx and goes no further. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { operations } from '../../../lib/operations/index.ts'
import { invoke, restEvent } from '../../support/events.ts'
import { gatewayForTests } from '../../support/gateway.ts'
import { expectError } from '../../support/refusals.ts'
import { takeReadingOfStack } from '../../support/seats/readings.ts'

const stack = await gatewayForTests()
const { org } = stack
// What answers from a reading has one, so that no 5xx is one that makes sense.
beforeEach(takeReadingOfStack)

const refusals = [400, 401, 403, 404, 406, 413, 415]
const successes = [200, 202]
const fields = Object.keys(restEvent('getLicenseDefinitions'))
const operationId = fc.constantFrom(...operations.map(({ id }) => id))
const taking = operations.filter(({ body }) => body !== undefined).map(({ id }) => id)

/** Asserts that an answer is one of ours. */
async function expectSense(id: string, event: unknown): Promise<number> {
  const answer = await invoke(id, event)
  if (!successes.includes(answer.status)) {
    expect(refusals).toContain(answer.status)
    expectError(answer, { status: answer.status, code: Object(answer.json).code })
  }
  return answer.status
}

describe('a function answers with sense', () => {
  it('whatever the event (A32)', async () => {
    await fc.assert(
      fc.asyncProperty(operationId, fc.anything(), async (id, event) => {
        const before = org.requests().length
        expect(await expectSense(id, event)).toBe(400)
        expect(org.requests()).toHaveLength(before)
      }),
      { numRuns: 200 },
    )
  })

  it('whatever a sound event has in some of its fields (A04, A32)', async () => {
    const changes = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue(), { minKeys: 1, maxKeys: 3 })
    await fc.assert(
      fc.asyncProperty(operationId, changes, async (id, changed) => {
        await expectSense(id, restEvent(id, changed))
      }),
      { numRuns: 300 },
    )
  })

  it('whatever its headers, and no value of them in the answer (A19)', async () => {
    const value = fc.string({ unit: 'binary', minLength: 4 }).map((text) => `canary${text}`)
    const name = fc.oneof(
      fc.constantFrom('Content-Type', 'authorization', 'Idempotency-Key', 'Content-Encoding', '__proto__'),
      fc.string({ unit: 'binary' }),
    )
    const headers = fc.dictionary(name, fc.array(value, { maxLength: 3 }), { maxKeys: 5 })
    await fc.assert(
      fc.asyncProperty(operationId, headers, async (id, multiValueHeaders) => {
        stack.logged.length = 0
        const answer = await invoke(id, restEvent(id, { multiValueHeaders }))
        expect(answer.status).toBeLessThan(500)
        expect(JSON.stringify(answer)).not.toContain('canary')
        // A read that goes well soon after another shares the next line.
        expect(stack.logged.length).toBeGreaterThanOrEqual(answer.status < 400 ? 0 : 1)
        const log = stack.logged.join('')
        expect(log).not.toContain('canary')
        expect(log.split('\n')).toHaveLength(stack.logged.length + 1)
      }),
      { numRuns: 200 },
    )
  })

  it('whatever the JSON of its body, and sends on nothing that it refuses (B03)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...taking),
        fc.json(),
        fc.boolean(),
        async (id, json, isBase64Encoded) => {
          const before = org.requests().length
          const body = isBase64Encoded ? Buffer.from(json).toString('base64') : json
          const status = await expectSense(id, restEvent(id, { body, isBase64Encoded }))
          if (status !== 200) expect(org.requests()).toHaveLength(before)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('whatever the text of its body, and sends on nothing that it refuses (B02)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...taking),
        fc.string({ unit: 'binary' }),
        fc.boolean(),
        async (id, body, isBase64Encoded) => {
          const before = org.requests().length
          const status = await expectSense(id, restEvent(id, { body, isBase64Encoded }))
          if (status !== 200) expect(org.requests()).toHaveLength(before)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('whatever its query, which only GET users takes (C21, C22)', async () => {
    const name = fc.oneof(fc.constantFrom('pageSize', 'pageNumber', '__proto__', 'constructor'), fc.string())
    const query = fc.dictionary(name, fc.array(fc.string(), { minLength: 1, maxLength: 2 }), {
      minKeys: 1,
      maxKeys: 4,
    })
    await fc.assert(
      fc.asyncProperty(query, async (multiValueQueryStringParameters) => {
        const before = org.requests().length
        const event = restEvent('getLicenseUsers', { multiValueQueryStringParameters })
        const status = await expectSense('getLicenseUsers', event)
        expect(org.requests()).toHaveLength(before + (status === 200 ? 1 : 0))
        if (status !== 200) return
        for (const given of Object.keys(multiValueQueryStringParameters)) {
          expect(['pageSize', 'pageNumber']).toContain(given)
        }
      }),
      { numRuns: 200 },
    )
  })
})
