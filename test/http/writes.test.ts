import { expect, it } from 'vitest'
import { putWrites } from '../../lib/operations/writes/put-writes.ts'
import { expectError } from '../support/refusals.ts'
import { bound, gatewayBefore, records } from './ports.ts'

it.each([
  [{ state: 'paused' }, ['reason', 'MISSING'], /reason: must say why writes are paused/],
  [{ state: 'paused', reason: '' }, ['reason', 'INVALID_VALUE'], /reason: /],
  [{ reason: 'Genesys is being moved' }, ['state', 'MISSING'], /state: must be paused or running/],
] as const)(
  'throwing the stop switch with %j is refused, and says what is wrong',
  async (body, detail, words) => {
    const answer = await (await gatewayBefore(bound(putWrites, records({}))))({ body })
    expectError(answer, { status: 400, code: 'bad.request', details: [[...detail]] })
    expect(answer.json).toMatchObject({ message: expect.stringMatching(words) })
  },
)
