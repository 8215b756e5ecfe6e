import { describe, expect, it } from 'vitest'
import { afterAnswer, longestChain } from './ledger-use.ts'

const call = (startedAtMs: number, endedAtMs: number) => ({ startedAtMs, endedAtMs })

describe('ledger calls one after the other', () => {
  it('are all of them where each waits for the one before', () => {
    expect(longestChain([call(0, 5), call(5, 10), call(12, 17)])).toBe(3)
    expect(longestChain([])).toBe(0)
  })

  it('count once where they are under way together, however they overlap', () => {
    expect(longestChain([call(0, 5), call(1, 6), call(2, 7)])).toBe(1)
    // A long one beside three short ones hides none of them.
    expect(longestChain([call(0, 30), call(0, 5), call(6, 11), call(12, 17)])).toBe(3)
    expect(longestChain([call(0, 10), call(4, 9), call(9, 14)])).toBe(2)
  })
})

describe('ledger calls after the answer', () => {
  it('are those that had not ended by then, whenever they began', () => {
    const [early, late, later] = [call(0, 5), call(8, 13), call(11, 16)]
    expect(afterAnswer([early, late, later], 10)).toEqual([late, later])
    expect(afterAnswer([early], 5)).toEqual([])
  })
})
