/** The stop switch in the table: one item on condition of what was seen, and each turn kept. */
import { describe, expect, it } from 'vitest'
import type { WriteSwitch } from '../../lib/changes/model/write-switch.ts'
import { ledgerForTests } from '../support/ledger/ledger.ts'
import { noonMs } from './records.ts'

const turn = (version: number, changed: Partial<WriteSwitch> = {}): WriteSwitch => ({
  schema: 1,
  state: version % 2 === 1 ? 'paused' : 'running',
  version,
  writeId: `w${version}`,
  by: { kind: 'jwt', id: 'bo', person: 'bo' },
  atMs: noonMs + version,
  reason: `the reason of ${version}`,
  key: `k${version}`,
  requestDigest: 'd',
  ...changed,
})

describe('the stop switch', () => {
  it('is thrown by one of those who saw it as it stood', async () => {
    const { ledger, another } = await ledgerForTests()
    expect(await ledger.writeSwitch()).toBeUndefined()
    const firsts = await Promise.all(
      ['a', 'b', 'c'].map((writeId) => another().putSwitch(turn(1, { writeId }), undefined)),
    )
    expect(firsts.filter(Boolean)).toHaveLength(1)
    const seen = await ledger.writeSwitch()
    expect(await ledger.putSwitch(turn(2), seen)).toBe(true)
    expect(await another().putSwitch(turn(2, { writeId: 'late' }), seen)).toBe(false)
    expect(await another().writeSwitch()).toEqual(turn(2))
  })

  it('keeps each turn, the latest first, and not what was told of it', async () => {
    const { ledger } = await ledgerForTests()
    await ledger.putSwitch(turn(1), undefined)
    const told = turn(1, { writeId: 'told', toldVersion: 1 })
    await ledger.putSwitch(told, turn(1))
    expect(await ledger.switchTurns()).toEqual([])
    await ledger.putSwitch(turn(2), told)
    await ledger.putSwitch(turn(3), turn(2))
    expect((await ledger.switchTurns()).map(({ version, toldVersion }) => [version, toldVersion])).toEqual([
      [2, undefined],
      [1, undefined],
    ])
  })

  it('loses no turn to a crash between any two calls', async () => {
    for (const calls of [1, 2, 3]) {
      const { ledger, faults, another } = await ledgerForTests()
      await another().putSwitch(turn(1), undefined)
      faults.crashAfter(calls)
      await ledger.putSwitch(turn(2), turn(1)).catch(() => {})
      const stands = await another().writeSwitch()
      const versions = [stands, ...(await another().switchTurns())].map((each) => each?.version)
      expect([calls, [...new Set(versions)]]).toEqual([calls, calls === 3 ? [2, 1] : [1]])
    }
  })

  it('is thrown where the answer to that was lost', async () => {
    const { ledger, faults } = await ledgerForTests()
    await ledger.putSwitch(turn(1), undefined)
    faults.failNext(({ input }) => JSON.stringify(input['Item']).includes('"w2"'), 'drop.answer')
    expect(await ledger.putSwitch(turn(2), turn(1))).toBe(true)
  })

  it('that a newer version has written is no pause lifted: nothing may be sent', async () => {
    const { ledger, putItem } = await ledgerForTests()
    await putItem({ pk: 'writes', sk: 'switch', record: { ...turn(1), schema: 2 } })
    await expect(ledger.writeSwitch()).rejects.toMatchObject({ code: 'ledger.record.unknown' })
  })
})
