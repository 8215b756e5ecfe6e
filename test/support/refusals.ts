/** What every refusal has in common, whoever answers it. */
import { expect } from 'vitest'
import type { RawAnswer, TestStack } from './gateway.ts'

interface Refusal {
  readonly status: number
  readonly code: string
  /** `fieldName` and `errorCode` of each entry of details, in order. */
  readonly details?: readonly (readonly [fieldName: string, errorCode: string])[]
}

/** An ErrorBody with the status and code, and the headers that no answer is without. */
export function expectError(answer: RawAnswer, { status, code, details }: Refusal): void {
  expect(answer.json).toEqual(
    expect.objectContaining({
      status,
      code,
      message: expect.stringMatching(/\S/),
      contextId: expect.stringMatching(/\S/),
      details: details
        ? details.map(([fieldName, errorCode]) => expect.objectContaining({ fieldName, errorCode }))
        : expect.any(Array),
      errors: expect.any(Array),
    }),
  )
  expect(answer.status).toBe(status)
  expectStandingHeaders(answer)
}

/** JSON, never stored, never sniffed, over TLS only, with a request id. */
export function expectStandingHeaders({ headers }: RawAnswer): void {
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-request-id': expect.stringMatching(/^[A-Za-z0-9-]{1,64}$/),
  })
}

/** Neither Genesys nor a secret was touched since the test began. */
export function expectUntouched({ org, awsRequests }: TestStack): void {
  expect(org.requests()).toEqual([])
  expect(awsRequests()).toEqual([])
}

/** A 400 that names what is wrong and went no further. */
export function expectBadRequest(
  stack: TestStack,
  answer: RawAnswer,
  ...details: (readonly [fieldName: string, errorCode: string])[]
): void {
  expectError(answer, { status: 400, code: 'bad.request', details })
  expectUntouched(stack)
}
