import { describe, expect, it } from 'vitest'
import { lockKey, pointerKey } from '../../lib/ledger/table/keys.ts'
import { ledgerForTests } from '../support/ledger/ledger.ts'
import { putLockOn } from './records.ts'

describe('a lock', () => {
  it('that lacks the times of its newest wish is refused, and so is a pointer without its own', async () => {
    const { ledger, putItem } = await ledgerForTests()
    await putLockOn(ledger, 'toggle#a', { newest: { changeId: 'one', atMs: 1, arrivedAtMs: 1 } }, undefined)
    await ledger.putPointer('p', { changeId: 'one', atMs: 1 }, undefined)
    await putItem({ ...lockKey('toggle#a'), newestId: 'one', newestAtMs: 1 })
    await putItem({ ...pointerKey('p'), changeId: 'one' })
    const unknown = { code: 'ledger.record.unknown', status: 500 }
    await expect(ledger.locks(['toggle#a'])).rejects.toMatchObject(unknown)
    await expect(ledger.pointer('p')).rejects.toMatchObject(unknown)
  })

  it('is put where there is none, and names its change', async () => {
    const { ledger, another } = await ledgerForTests()
    expect(await putLockOn(ledger, 'toggle#a', { holder: 'one' }, undefined)).toBe(true)
    expect(await another().locks(['toggle#a', 'toggle#b'])).toEqual(
      new Map([['toggle#a', { holder: 'one' }]]),
    )
  })

  it('is not put where there is one already', async () => {
    const { ledger } = await ledgerForTests()
    await putLockOn(ledger, 'toggle#a', { holder: 'one' }, undefined)
    expect(await putLockOn(ledger, 'toggle#a', { holder: 'two' }, undefined)).toBe(false)
    expect(await ledger.locks(['toggle#a'])).toEqual(new Map([['toggle#a', { holder: 'one' }]]))
  })

  it('is overwritten while it names the change that was seen, and not once it names another', async () => {
    const { ledger } = await ledgerForTests()
    await putLockOn(ledger, 'toggle#a', { holder: 'one' }, undefined)
    expect(await putLockOn(ledger, 'toggle#a', { holder: 'two' }, { holder: 'one' })).toBe(true)
    expect(await putLockOn(ledger, 'toggle#a', { holder: 'three' }, { holder: 'one' })).toBe(false)
    expect(await putLockOn(ledger, 'toggle#b', { holder: 'three' }, { holder: 'one' })).toBe(false)
    expect(await ledger.locks(['toggle#a', 'toggle#b'])).toEqual(new Map([['toggle#a', { holder: 'two' }]]))
  })

  it('counts as put where it names the change already', async () => {
    const { ledger } = await ledgerForTests()
    await putLockOn(ledger, 'toggle#a', { holder: 'one' }, undefined)
    expect(await putLockOn(ledger, 'toggle#a', { holder: 'one' }, undefined)).toBe(true)
    expect(await putLockOn(ledger, 'toggle#a', { holder: 'one' }, { holder: 'another' })).toBe(true)
  })

  it('is overwritten only while the newest wish is the one that was seen too', async () => {
    const { ledger } = await ledgerForTests()
    const wish = (changeId: string, atMs: number) => ({ changeId, atMs, arrivedAtMs: atMs + 1 })
    const first = { holder: 'one', newest: wish('one', 7) }
    const noted = { holder: 'one', newest: wish('two', 8) }
    const next = { holder: 'three', newest: wish('three', 9) }
    expect(await putLockOn(ledger, 'toggle#a', first, undefined)).toBe(true)
    expect(await putLockOn(ledger, 'toggle#a', noted, first)).toBe(true)
    expect(await putLockOn(ledger, 'toggle#a', next, first)).toBe(false)
    expect(await putLockOn(ledger, 'toggle#a', next, { holder: 'one' })).toBe(false)
    expect(await ledger.locks(['toggle#a'])).toEqual(new Map([['toggle#a', noted]]))
    expect(await putLockOn(ledger, 'toggle#a', next, noted)).toBe(true)
  })

  it('may know of a wish though no change has claimed it', async () => {
    const { ledger } = await ledgerForTests()
    const noted = { newest: { changeId: 'one', atMs: 7, arrivedAtMs: 7 } }
    expect(await putLockOn(ledger, 'toggle#a', noted, undefined)).toBe(true)
    expect(await ledger.locks(['toggle#a'])).toEqual(new Map([['toggle#a', noted]]))
    expect(await putLockOn(ledger, 'toggle#a', { holder: 'two' }, noted)).toBe(true)
  })

  it('goes to one of fifty who want it at once', async () => {
    const { ledger } = await ledgerForTests()
    const ids = Array.from({ length: 50 }, (_, n) => `change-${n}`)
    const put = await Promise.all(ids.map((id) => putLockOn(ledger, 'toggle#a', { holder: id }, undefined)))
    expect(put.filter(Boolean)).toHaveLength(1)
    expect((await ledger.locks(['toggle#a'])).get('toggle#a')).toEqual({ holder: ids[put.indexOf(true)] })
  })
})

describe('locks', () => {
  it('are read by the hundreds, a key named twice once', async () => {
    const { ledger, faults } = await ledgerForTests()
    const keys = Array.from({ length: 250 }, (_, n) => `pair#cloudCX1#user-${n}`)
    await Promise.all(keys.slice(0, 150).map((key) => putLockOn(ledger, key, { holder: key }, undefined)))
    const before = faults.calls.length
    const found = await ledger.locks([...keys, ...keys])
    expect(found).toEqual(new Map(keys.slice(0, 150).map((key) => [key, { holder: key }])))
    expect(faults.calls.slice(before).map(({ action }) => action)).toEqual(
      Array.from({ length: 3 }, () => 'BatchGetItem'),
    )
  })

  it('are none where none are asked for, without a call', async () => {
    const { ledger, faults } = await ledgerForTests()
    expect(await ledger.locks([])).toEqual(new Map())
    expect(faults.calls).toEqual([])
  })
})

describe('a pointer', () => {
  it('tells which change a key led to, and when', async () => {
    const { ledger } = await ledgerForTests()
    expect(await ledger.pointer('jwt:ann wallboards')).toBeUndefined()
    expect(await ledger.putPointer('jwt:ann wallboards', { changeId: 'one', atMs: 7 }, undefined)).toBe(true)
    expect(await ledger.pointer('jwt:ann wallboards')).toEqual({ changeId: 'one', atMs: 7 })
  })

  it('moves on only from the change that was seen', async () => {
    const { ledger } = await ledgerForTests()
    await ledger.putPointer('key', { changeId: 'one', atMs: 7 }, undefined)
    expect(await ledger.putPointer('key', { changeId: 'two', atMs: 8 }, undefined)).toBe(false)
    expect(await ledger.putPointer('key', { changeId: 'two', atMs: 8 }, { changeId: 'one', atMs: 7 })).toBe(
      true,
    )
    expect(await ledger.putPointer('key', { changeId: 'three', atMs: 9 }, { changeId: 'one', atMs: 7 })).toBe(
      false,
    )
    expect(await ledger.pointer('key')).toEqual({ changeId: 'two', atMs: 8 })
  })

  it('may have a key longer than DynamoDB takes', async () => {
    const { ledger } = await ledgerForTests()
    const key = 'k'.repeat(10_000)
    await ledger.putPointer(key, { changeId: 'one', atMs: 7 }, undefined)
    expect(await ledger.pointer(key)).toEqual({ changeId: 'one', atMs: 7 })
    expect(await ledger.pointer(`${key}k`)).toBeUndefined()
  })
})
