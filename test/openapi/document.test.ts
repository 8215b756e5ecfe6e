import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { openApiDocument } from '../../infra/openapi/document.ts'
import { errorCodes } from '../../lib/errors.ts'
import { getOpenApi } from '../../lib/operations/gateway/get-open-api.ts'
import { operations } from '../../lib/operations/index.ts'
import { membersOf, undescribed } from './undescribed.ts'

const document = openApiDocument(operations, '0.0.0')

const Paths = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
const Parameters = z.object({
  parameters: z.array(z.object({ name: z.string(), description: z.string() })),
})
const operationAt = (path: string, method: string) => Paths.parse(document).paths[path]?.[method]

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1 to a public validator', async () => {
    const validator = new Validator()
    const result = await validator.validate(structuredClone(document))
    expect(result.errors ?? []).toEqual([])
    expect(result.valid).toBe(true)
    expect(validator.version).toBe('3.1')
  })

  it('the validator would find a fault', async () => {
    const broken = { ...structuredClone(document), paths: { '/x': { get: { responses: 7 } } } }
    expect((await new Validator().validate(broken)).valid).toBe(false)
  })

  it('refers to nothing that it does not define', () => {
    const text = JSON.stringify(document)
    for (const [, pointer = ''] of text.matchAll(/"\$ref":"#([^"]+)"/g)) {
      const target = pointer
        .split('/')
        .slice(1)
        .reduce<unknown>((at, key) => (at instanceof Object ? Reflect.get(at, key) : undefined), document)
      expect(target, pointer).toBeDefined()
    }
  })

  it('describes every operation, parameter, model, property and answer, those inside of others too', () => {
    expect(undescribed(document)).toEqual([])
  })

  it('does not describe what is not there, nor leave out what is', () => {
    const wordless = { ...getOpenApi, id: 'wordless', query: { odd: z.string() }, path: '/v1/wordless' }
    expect(() => openApiDocument([...operations, wordless], '0.0.0')).toThrow(/no words for odd of wordless/)
    const open = { ...getOpenApi, id: 'open', path: '/v1/open', response: z.object({ odd: z.string() }) }
    expect(() => openApiDocument([...operations, open], '0.0.0')).toThrow(
      /open\.response\.odd has no words; open\.response has no words/,
    )
    const withoutIt = operations.filter(({ id }) => id !== 'getOpenApi')
    expect(() => openApiDocument(withoutIt, '0.0.0')).toThrow(
      /getOpenApi\.response is described, but is not there/,
    )
  })

  it('has no extension that a generator could take for a schema', () => {
    const keywords = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'items', 'properties', 'discriminator']
    for (const { name, value } of membersOf(document)) {
      if (!name.startsWith('x-')) continue
      const within = [...membersOf(value)].map((member) => member.name)
      expect(within.filter((each) => keywords.includes(each))).toEqual([])
    }
    expect(operationAt('/api/v2/license/definitions', 'get')).toMatchObject({
      'x-genesys-permissions': {
        any: ['authorization:grant:add', 'authorization:license:view'],
        all: [],
      },
    })
  })

  it('says where a list goes on, when it ends and how long a cursor lives, at the cursor', () => {
    const cursors = operations.filter(({ query }) => 'cursor' in query)
    expect(cursors.length).toBeGreaterThan(3)
    for (const { path, method } of cursors) {
      const { parameters } = Parameters.parse(operationAt(path, method.toLowerCase()))
      const cursor = parameters.find(({ name }) => name === 'cursor')
      expect(cursor?.description).toMatch(/`next`.*ends with.*does not run out/)
    }
    const { parameters } = Parameters.parse(operationAt('/api/v2/license/users', 'get'))
    expect(parameters.find(({ name }) => name === 'pageNumber')?.description).toContain('`pageCount`')
  })

  it("lists the gateway's codes with the status that each has", () => {
    const { components } = z
      .object({
        components: z.object({ responses: z.record(z.string(), z.object({ description: z.string() })) }),
      })
      .parse(document)
    for (const [code, status] of Object.entries(errorCodes)) {
      const naming = Object.entries(components.responses).filter(([, { description }]) =>
        /Codes of the gateway: (.*)\./.exec(description)?.[1]?.split(', ').includes(`\`${code}\``),
      )
      const statuses = new Set(naming.map(([each]) => each.slice(0, 3)))
      expect([code, [...statuses]]).toEqual([code, [String(status)]])
    }
  })

  it('says of an optional body that it is not required', () => {
    expect(document).toMatchObject({
      paths: {
        '/api/v2/license/infer': { post: { requestBody: { required: false } } },
        '/api/v2/license/organization': { post: { requestBody: { required: true } } },
      },
    })
  })

  it('says which requests need an Idempotency-Key, and what is answered on record', () => {
    const key = (isRequired: boolean) =>
      expect.arrayContaining([
        expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: isRequired }),
      ])
    const headers = { 'Idempotent-Replayed': { $ref: '#/components/headers/Idempotent-Replayed' } }
    expect(document).toMatchObject({
      paths: {
        '/v1/toggles/{featureName}': {
          put: {
            parameters: key(true),
            responses: { 200: { headers }, 202: { headers }, 409: {}, 422: {} },
            tags: ['Gateway'],
            'x-effect': 'write',
          },
        },
        '/v1/changes': { post: { parameters: key(true), responses: { 200: { headers }, 201: {} } } },
        '/api/v2/license/organization': {
          post: {
            parameters: key(false),
            responses: { 200: { headers }, 409: {}, 422: {} },
            tags: ['License'],
          },
        },
      },
    })
    expect(JSON.stringify(operationAt('/v1/changes', 'get'))).not.toMatch(/idempoten|"(409|422)"/i)
    expect(JSON.stringify(operationAt('/api/v2/license/infer', 'post'))).not.toMatch(/idempoten/i)
  })

  it('lists for each operation the statuses of success that it declares', () => {
    for (const { path, method, statuses = [200] } of operations) {
      const { responses } = z
        .object({ responses: z.record(z.string(), z.unknown()) })
        .parse(operationAt(path, method.toLowerCase()))
      const successes = Object.keys(responses).filter((status) => status.startsWith('2'))
      expect([path, successes.map(Number)]).toEqual([path, [...statuses].sort()])
    }
  })

  it('gives page parameters their bounds as whole numbers', () => {
    expect(document).toMatchObject({
      paths: {
        '/api/v2/license/users': {
          get: {
            parameters: [
              { name: 'pageSize', schema: { type: 'integer', minimum: 1, maximum: 100, default: 25 } },
              { name: 'pageNumber', schema: { type: 'integer', minimum: 1, default: 1 } },
            ],
          },
        },
      },
    })
  })
})
