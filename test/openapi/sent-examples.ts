/** The document's examples, taken from a running gateway's own document and sent as they stand. */
import { expect } from 'vitest'
import * as z from 'zod/mini'
import { type RawAnswer, sendRaw, type TestStack } from '../support/gateway.ts'

const Parameter = z.object({ in: z.string(), name: z.string(), example: z.optional(z.string()) })
const Described = z.object({
  operationId: z.string(),
  'x-role': z.enum(['viewer', 'operator', 'approver']),
  parameters: z._default(z.array(Parameter), []),
  requestBody: z.optional(
    z.object({ content: z.object({ 'application/json': z.object({ example: z.unknown() }) }) }),
  ),
})
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Described)) })
export type Request = z.output<typeof Described> & { readonly method: string; readonly path: string }

/** @returns what the document says of each operation, by its id. */
export async function describedBy(stack: TestStack): Promise<ReadonlyMap<string, Request>> {
  const { json } = await sendRaw(stack, { path: '/v1/openapi.json' })
  return new Map(
    Object.entries(Document.parse(json).paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => [
        described.operationId,
        { ...described, method: method.toUpperCase(), path },
      ]),
    ),
  )
}

export function exampleBodyOf({ requestBody }: Request): unknown {
  return requestBody?.content['application/json'].example
}

/** Fills the path, the key and the body with their examples, and says who sends it as the document does. */
export async function sendExample(stack: TestStack, id: string): Promise<RawAnswer> {
  const request = (await describedBy(stack)).get(id)
  if (!request) throw new Error(`The document has no ${id}`)
  const examples = new Map(request.parameters.map(({ name, example }) => [name, example]))
  const key = examples.get('Idempotency-Key')
  const body = exampleBodyOf(request)
  const answer = await sendRaw(stack, {
    method: request.method,
    path: request.path.replace(/\{(\w+)\}/g, (_all, name: string) => examples.get(name) ?? 'no example'),
    role: request['x-role'],
    headers: [
      ...(body === undefined ? [] : ['Content-Type', 'application/json']),
      ...(key === undefined ? [] : ['Idempotency-Key', key]),
    ],
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect([id, answer.status >= 200 && answer.status < 300 ? 'taken' : answer.text]).toEqual([id, 'taken'])
  return answer
}

/** What came of it, where the answer is a change or a schedule. */
export const stateOf = ({ json }: RawAnswer) => String(Object(json).state)
