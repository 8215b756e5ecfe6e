import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { openApiDocument } from '../../infra/openapi/document.ts'
import { operations } from '../../lib/operations/index.ts'

const document = openApiDocument(operations, '0.0.0')

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

  it('says of an optional body that it is not required', () => {
    expect(document).toMatchObject({
      paths: {
        '/api/v2/license/infer': { post: { requestBody: { required: false } } },
        '/api/v2/license/organization': { post: { requestBody: { required: true } } },
      },
    })
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
