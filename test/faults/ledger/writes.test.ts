/** The ledger's writes when DynamoDB throttles, fails, or the answer does not come. */
import { describe, expect, it } from 'vitest'
import { ledgerClient } from '../../../lib/aws/dynamo-client.ts'
import type { Ledger } from '../../../lib/changes/record/ledger.ts'
import { dynamoLedger } from '../../../lib/ledger/dynamo-ledger.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import {
  createOn,
  moved,
  newHeader,
  newSchedule,
  planOf,
  putLockOn,
  replaceOn,
  togglePlan,
  tryCreateOn,
} from '../../ledger/records.ts'
import {
  type Call,
  Crash,
  type Fault,
  type FaultyTransport,
  isHeaderPut,
  ledgerForTests,
} from '../../support/ledger/ledger.ts'

const UNAVAILABLE = { code: 'ledger.unavailable', status: 503, retryAfterSeconds: 5 }

/** The SDK's tries of one call. */
const TRIES = 3

describe('a conditional write', () => {
  it('whose condition does not hold is an answer and no error (J01)', async () => {
    const { ledger } = await ledgerForTests()
    const header = await createOn(ledger, newHeader())
    const schedule = newSchedule()
    await ledger.createSchedule(schedule)
    await putLockOn(ledger, 'toggle#a', { holder: 'one' }, undefined)
    await ledger.putPointer('key', { changeId: 'one', atMs: 1 }, undefined)

    expect(await tryCreateOn(ledger, newHeader({ id: header.id }))).toBeUndefined()
    expect(await replaceOn(ledger, moved(header), { version: 7 })).toBe(false)
    expect(await putLockOn(ledger, 'toggle#a', { holder: 'two' }, undefined)).toBe(false)
    expect(await ledger.putPointer('key', { changeId: 'two', atMs: 1 }, { changeId: 'three', atMs: 1 })).toBe(
      false,
    )
    expect(await ledger.createSchedule(newSchedule({ id: schedule.id }))).toBe(false)
    expect(await ledger.replaceSchedule(newSchedule({ id: schedule.id }), 7)).toBe(false)
  })

  it('that was stored while its answer was lost is known as our own when it is tried again (E21)', async () => {
    const { ledger, faults } = await ledgerForTests()
    const loseNext = () => faults.failNext('PutItem', 'drop.answer')
    faults.failNext(isHeaderPut, 'drop.answer')
    const header = await createOn(ledger, newHeader())

    const claimed = moved(header, { state: 'CLAIMED', owner: 'worker-1' })
    loseNext()
    expect(await replaceOn(ledger, claimed, header)).toBe(true)
    loseNext()
    expect(await replaceOn(ledger, moved(claimed, { state: 'SENT' }), claimed)).toBe(true)

    loseNext()
    expect(await putLockOn(ledger, 'toggle#a', { holder: header.id }, undefined)).toBe(true)
    loseNext()
    expect(await putLockOn(ledger, 'toggle#a', { holder: 'another' }, { holder: header.id })).toBe(true)
    loseNext()
    expect(await ledger.putPointer('key', { changeId: header.id, atMs: 1 }, undefined)).toBe(true)

    const schedule = newSchedule()
    loseNext()
    expect(await ledger.createSchedule(schedule)).toBe(true)
    loseNext()
    const active = { ...newSchedule({ id: schedule.id, state: 'ACTIVE' }), version: 2 }
    expect(await ledger.replaceSchedule(active, 1)).toBe(true)
    expect(await ledger.schedule(schedule.id)).toEqual(active)
  })

  it("that was stored is not taken for another's of the same version and owner (E21)", async () => {
    const { ledger, faults, another } = await ledgerForTests()
    const header = await createOn(ledger, newHeader({ owner: 'worker-1' }))
    const theirs = moved(header, { state: 'SENT' })
    await replaceOn(another(), theirs, header)
    faults.failNext('PutItem', 'drop.answer')
    expect(await replaceOn(ledger, moved(header, { state: 'SENT' }), header)).toBe(false)
    expect(await ledger.get(header.id)).toEqual(theirs)
  })

  it('of two writers in the same millisecond overwrites nothing (J11)', async () => {
    const { ledger, items } = await ledgerForTests()
    const [one, two] = [newHeader({ id: 'same' }), newHeader({ id: 'same' })]
    // Of so many users the plan is put before the header.
    const created = await Promise.all([one, two].map((each) => tryCreateOn(ledger, each, planOf(196))))
    expect(created.filter((each) => each !== undefined)).toHaveLength(1)
    // Both plans stand, each under its own name, and the header names the winner's.
    const rows = (await items()).filter(({ sk }) => String(sk).startsWith('row#'))
    expect(rows.map(({ sk }) => sk).sort()).toEqual([`row#${one.planRow}`, `row#${two.planRow}`].sort())
    expect(await ledger.get('same')).toEqual(created[0] ? one : two)
  })
})

const isRowsPut = (call: Call) => call.action === 'TransactWriteItems' && !isHeaderPut(call)

/** Each method, what of DynamoDB it stands on. */
const methods: readonly [
  string,
  Parameters<FaultyTransport['failNext']>[0],
  (ledger: Ledger) => Promise<unknown>,
][] = [
  ['get', 'GetItem', (ledger) => ledger.get('c')],
  ['plan', 'GetItem', (ledger) => ledger.plan({ id: 'c', planRow: 'p' })],
  ['evidence', 'GetItem', (ledger) => ledger.evidence({ id: 'c', evidenceRow: 'e' })],
  ['commit, at its rows', isRowsPut, (ledger) => createOn(ledger, newHeader(), planOf(150))],
  ['commit, at its header', isHeaderPut, (ledger) => createOn(ledger, newHeader())],
  ['replace', 'PutItem', (ledger) => replaceOn(ledger, newHeader(), { version: 1 })],
  ['locks', 'BatchGetItem', (ledger) => ledger.locks(['toggle#a'])],
  ['putLock', 'PutItem', (ledger) => putLockOn(ledger, 'toggle#a', { holder: 'c' }, undefined)],
  ['pointer', 'GetItem', (ledger) => ledger.pointer('key')],
  ['putPointer', 'PutItem', (ledger) => ledger.putPointer('key', { changeId: 'c', atMs: 1 }, undefined)],
  ['due', 'Query', (ledger) => ledger.due(1, 1)],
  ['headers', 'BatchGetItem', (ledger) => ledger.headers(['c'])],
  ['list', 'Query', (ledger) => ledger.list({ filter: {}, limit: 1 })],
  [
    'addJournal',
    'PutItem',
    (ledger) => ledger.addJournal({ changeId: 'c', atMs: 1, sequence: 0, isIntent: true, pairs: [] }),
  ],
  ['journal', 'Query', (ledger) => ledger.journal(1, 1)],
  ['open', 'Query', (ledger) => ledger.open()],
  ['addMessage', 'PutItem', (ledger) => ledger.addMessage('c', 'request', { channelId: 'C1', ts: '1.1' })],
  ['messages', 'GetItem', (ledger) => ledger.messages('c', ['request'])],
  ['schedule', 'GetItem', (ledger) => ledger.schedule('s')],
  ['createSchedule', 'TransactWriteItems', (ledger) => ledger.createSchedule(newSchedule())],
  ['replaceSchedule', 'TransactWriteItems', (ledger) => ledger.replaceSchedule(newSchedule(), 1)],
  ['listSchedules', 'Query', (ledger) => ledger.listSchedules({ limit: 1 })],
]

describe('a DynamoDB that throttles', () => {
  // The SDK waits up to 1 s before its second try and up to 2 s before its third.
  it('is asked three times, and then it is a 503 (J02)', async () => {
    const { ledger, faults } = await ledgerForTests()
    faults.failNext(isHeaderPut, 'throttle', TRIES)
    await expect(createOn(ledger, newHeader())).rejects.toMatchObject(UNAVAILABLE)
    expect(faults.calls.filter(isHeaderPut)).toHaveLength(TRIES)
  })

  it('for a moment is not noticed (J02)', async () => {
    const { ledger, faults } = await ledgerForTests()
    faults.failNext(isHeaderPut, 'throttle')
    const header = await createOn(ledger, newHeader())
    expect(await ledger.get(header.id)).toEqual(header)
  })
})

describe('a DynamoDB that cannot be reached', () => {
  it.each(methods)('is asked three times, and then %s is a 503 (J02)', async (_, which, call) => {
    const { ledger, faults } = await ledgerForTests()
    faults.failNext(which, 'outage', TRIES)
    await expect(call(ledger)).rejects.toMatchObject(UNAVAILABLE)
    const isThat = typeof which === 'string' ? ({ action }: Call) => action === which : which
    expect(faults.calls.filter(isThat)).toHaveLength(TRIES)
  })

  it.each<Fault>(['outage', 'drop'])('tells the cause to the log alone: %s (J02)', async (how) => {
    const { ledger, faults } = await ledgerForTests()
    faults.failNext('GetItem', how, TRIES)
    const refused = await ledger.get('c').catch((error: unknown) => error)
    expect(refused).toMatchObject({ ...UNAVAILABLE, cause: expect.any(Error) })
    expect(String(refused)).not.toMatch(/DynamoDB|Internal|reset/)
  })

  it('when a change is to be recorded leaves nothing that counts as one (J04)', async () => {
    const { ledger, faults, another } = await ledgerForTests()
    const header = newHeader({ dueAtMs: 1 })
    faults.failNext(isHeaderPut, 'drop', TRIES)
    await expect(createOn(ledger, header)).rejects.toMatchObject(UNAVAILABLE)
    expect(await another().get(header.id)).toBeUndefined()
    expect(await another().due(1, 10)).toEqual([])
    expect((await another().list({ filter: {}, limit: 10 })).headers).toEqual([])
    // The same may be recorded later.
    await createOn(another(), header)
  })
})

describe('a table that is not there, or may not be used', () => {
  it('is a 503 for reads, lists and writes, and the caller is told of no table', async () => {
    const { url } = await ledgerForTests()
    const client = ledgerClient(nodeTransport, 'us-east-1', url)
    const ledger = dynamoLedger({ client, tableName: 'not-there' })
    for (const [, , call] of methods) await expect(call(ledger)).rejects.toMatchObject(UNAVAILABLE)
    const refused = await ledger.get('c').catch((error: unknown) => error)
    expect(String(refused)).not.toContain('not-there')
    expect(refused).toMatchObject({ cause: { name: 'ResourceNotFoundException' } })
  })

  it.each([
    'AccessDeniedException',
    'KMSAccessDeniedException',
    'KMSDisabledException',
    'ExpiredTokenException',
    'UnrecognizedClientException',
    'ResourceInUseException',
  ])('with %s is a 503 too', async (type) => {
    const { ledger, faults } = await ledgerForTests()
    for (const action of ['GetItem', 'TransactWriteItems', 'Query', 'BatchGetItem'])
      faults.failNext(action, { type }, TRIES)
    await expect(ledger.get('c')).rejects.toMatchObject(UNAVAILABLE)
    await expect(ledger.due(1, 1)).rejects.toMatchObject(UNAVAILABLE)
    await expect(ledger.locks(['toggle#a'])).rejects.toMatchObject(UNAVAILABLE)
    const calls = faults.calls.length
    await expect(createOn(ledger, newHeader())).rejects.toMatchObject(UNAVAILABLE)
    // What was refused does not stand, so nobody need look, and no caller is told that it may.
    expect(faults.calls).toHaveLength(calls + 1)
  })

  it('is no answer to a try before it that got none: whether that stands nobody knows (E21)', async () => {
    const { ledger, faults, another } = await ledgerForTests()
    const header = newHeader()
    faults.failNext('TransactWriteItems', 'drop.answer')
    faults.failNext('TransactWriteItems', { type: 'AccessDeniedException' })
    faults.failNext('GetItem', { type: 'AccessDeniedException' })
    await expect(createOn(ledger, header)).rejects.toMatchObject({ code: 'outcome.unknown' })
    expect(await another().get(header.id)).toMatchObject({ ...header, schema: expect.any(Number) })
  })

  it.each(['ValidationException', 'SerializationException'])(
    'is told apart from a mistake of ours, which is none that passes: %s (J02)',
    async (type) => {
      const { ledger, faults } = await ledgerForTests()
      faults.failNext('GetItem', { type })
      await expect(ledger.get('c')).rejects.toMatchObject({ name: type })
    },
  )
})

describe('a process that ends at any call of a creation', () => {
  // 500 rows, a hundred at once, side by side; then what is left of them with the header.
  const large = planOf(500)

  it.each([[1, togglePlan, 1], ...[1, 2, 3, 4, 5, 6].map((n) => [n, large, 6] as const)] as const)(
    'leaves no change, or the whole one: at call %i (J04)',
    async (n, plan, calls) => {
      for (const isLastStored of [false, true]) {
        const { ledger, faults, another } = await ledgerForTests()
        const header = newHeader()
        faults.crashAfter(n, isLastStored)
        await expect(createOn(ledger, header, plan)).rejects.toThrow(Crash)
        await expect(ledger.get(header.id)).rejects.toThrow(Crash)
        const found = await another().get(header.id)
        if (n === calls && isLastStored)
          expect(found).toMatchObject({ ...header, schema: expect.any(Number) })
        else expect(found).toBeUndefined()
        if (found) expect(await another().plan(found)).toEqual(plan)
      }
    },
  )
})
