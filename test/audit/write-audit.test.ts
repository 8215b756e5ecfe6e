import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ObjectVersions } from '../../infra/local/aws/s3/versions.ts'
import { actorRefOf } from '../../lib/audit/actor-ref.ts'
import { actorNameOf } from '../../lib/changes/model/change.ts'
import { deadlineIn } from '../../lib/clock.ts'
import { nodeTransport, type Transport } from '../../lib/transport/transport.ts'
import { ann, bob, createOn, moved, newHeader, newSchedule, pair, replaceOn } from '../ledger/records.ts'
import { auditWorld, firstBytesOf, OWNER } from '../support/ledger/audit.ts'

const HOUR_MS = 3_600_000
const KEY = 'audit/2026-11-15.ndjson'
/** What is under a key, the same bytes once. */
const bytesUnder = (versions: ObjectVersions, key: string) => [
  ...new Set(versions.of(key).map((each) => versions.bytesOf(each).toString('utf8'))),
]
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('a day in the record that can be checked', () => {
  it('says who gave whom what, when it was decided and what was seen, by ids alone', async () => {
    const { ledger, clock, run, linesOf, differences } = await auditWorld()
    await run()
    const atMs = clock.nowMs()
    const actor = { kind: 'slack', id: 'U1', person: 'Ann Archer' } as const
    const decision = {
      by: { kind: 'jwt', id: 'bo@example.com', person: 'Bo Bell' },
      atMs: atMs + 1,
      isApproved: true,
    } as const
    const approval = { because: ['Bo Bell must approve it'], expiresAtMs: atMs + HOUR_MS }
    const header = newHeader({
      kind: 'assignments',
      actor,
      reason: 'Carla Cole starts on Monday',
      state: 'AWAITING_APPROVAL',
      approval,
      subject: { pairs: 1, users: 1, licenses: ['cloudCX3'], userId: ann, userName: 'Carla Cole' },
      createdAtMs: atMs,
      history: [{ state: 'AWAITING_APPROVAL', atMs, by: 'Ann Archer' }],
    })
    const asked = await createOn(ledger, header, { targets: [pair('cloudCX3', ann)], before: [false] })
    const approved = moved(asked, {
      state: 'APPROVED',
      approval: { ...approval, decision },
      history: [...asked.history, { state: 'APPROVED', atMs: atMs + 1, by: 'Bo Bell' }],
    })
    await replaceOn(ledger, approved, asked)
    const pairs = [{ licenseId: 'cloudCX3', userId: ann, isHeld: true }]
    await ledger.addJournal({ changeId: header.id, atMs: atMs + 2, sequence: 3, pairs })
    differences.push({
      notedAtMs: atMs,
      difference: {
        userId: bob,
        licenseId: 'cloudCX2',
        isGiven: false,
        atMs,
        afterMs: atMs - 5,
        by: 'outside',
      },
    })

    clock.advance(14 * HOUR_MS)
    await run()
    const iso = (ms: number) => new Date(ms).toISOString()
    const refOf = (name: string) => `sha256:${sha256Of(Buffer.from(`${OWNER.orgId}\n${name}`)).slice(0, 32)}`
    expect(linesOf(KEY)).toEqual([
      { type: 'file', schema: 1, ...OWNER, day: '2026-11-15', since: iso(atMs), previous: null },
      {
        type: 'change',
        id: header.id,
        kind: 'assignments',
        digest: header.digest,
        requestDigest: header.requestDigest,
        createdAt: iso(atMs),
        actor: { kind: 'slack', ref: refOf('Ann Archer') },
        reason: `sha256:${sha256Of(Buffer.from('Carla Cole starts on Monday'))}`,
        targets: [{ licenseId: 'cloudCX3', userId: ann, desired: true }],
        before: [false],
        moves: [
          { state: 'AWAITING_APPROVAL', at: iso(atMs), by: refOf('Ann Archer') },
          {
            state: 'APPROVED',
            at: iso(atMs + 1),
            by: refOf('Bo Bell'),
            decision: { digest: header.digest, by: { kind: 'jwt', ref: refOf('Bo Bell') }, isApproved: true },
          },
        ],
      },
      {
        type: 'seen',
        changeId: header.id,
        at: iso(atMs + 2),
        sequence: 3,
        held: [{ licenseId: 'cloudCX3', userId: ann }],
      },
      {
        type: 'difference',
        userId: bob,
        licenseId: 'cloudCX2',
        isGiven: false,
        at: iso(atMs),
        after: iso(atMs - 5),
        by: 'outside',
      },
      { type: 'end', lines: 3 },
    ])
  })

  it('has no name, no address and no words of anybody', async () => {
    const { ledger, clock, run, versions } = await auditWorld()
    await run()
    const atMs = clock.nowMs()
    const actor = { kind: 'jwt', id: 'ann@example.com', person: 'Ann Archer' } as const
    await createOn(
      ledger,
      newHeader({ actor, reason: 'as Carla said', history: [{ state: 'PLANNED', atMs, by: 'Ann Archer' }] }),
    )
    await ledger.createSchedule(newSchedule({ actor, createdAtMs: atMs, updatedAtMs: atMs }))
    await ledger.putSwitch(
      {
        schema: 1,
        state: 'paused',
        version: 1,
        writeId: 'w',
        by: actor,
        atMs,
        reason: 'as Carla said',
        key: 'k',
        requestDigest: 'r',
      },
      undefined,
    )
    clock.advance(14 * HOUR_MS)
    await run()
    const text = firstBytesOf(versions, KEY).toString('utf8')
    expect(text.split('\n')).toHaveLength(6)
    expect(text).not.toMatch(/archer|example\.com|carla/i)
  })

  it('on which nothing happened has a file too', async () => {
    const { clock, run, linesOf } = await auditWorld()
    await run()
    clock.advance(14 * HOUR_MS)
    await run()
    expect(linesOf(KEY)).toMatchObject([
      { type: 'file', day: '2026-11-15' },
      { type: 'end', lines: 0 },
    ])
  })

  it('is written when it has been over for an hour, and not before', async () => {
    const { clock, run, versions, agesMs } = await auditWorld()
    await run()
    clock.advance(13 * HOUR_MS - 1)
    await run()
    expect(versions.keys()).toEqual([])
    clock.advance(1)
    await run()
    expect(versions.keys()).toEqual([KEY])
    expect(agesMs).toEqual([12 * HOUR_MS, 25 * HOUR_MS - 1, HOUR_MS])
  })

  it('has each step of a change in the file of its own day, however long the change is open', async () => {
    const { ledger, clock, run, linesOf } = await auditWorld()
    await run()
    const header = newHeader()
    const planned = await createOn(ledger, header)
    clock.advance(60 * HOUR_MS)
    const history = [...planned.history, { state: 'CANCELLED' as const, atMs: clock.nowMs(), by: 'jwt:ann' }]
    await replaceOn(ledger, moved(planned, { state: 'CANCELLED', history }), planned)
    clock.advance(25 * HOUR_MS)
    await run()
    const statesOf = (key: string) =>
      linesOf(key).flatMap(({ moves }) => (Array.isArray(moves) ? moves.map(({ state }) => state) : []))
    expect(statesOf(KEY)).toEqual(['PLANNED'])
    expect(statesOf('audit/2026-11-16.ndjson')).toEqual([])
    expect(statesOf('audit/2026-11-17.ndjson')).toEqual([])
    expect(statesOf('audit/2026-11-18.ndjson')).toEqual(['CANCELLED'])
  })

  it('has two steps that were stored together on either side of midnight in two files', async () => {
    const { ledger, clock, run, linesOf } = await auditWorld('2026-11-15T23:59:59.999Z')
    await run()
    const planned = await createOn(ledger, newHeader())
    const atMs = clock.nowMs()
    const history = [
      ...planned.history,
      { state: 'CLAIMED' as const, atMs, by: 'gateway' },
      { state: 'SENT' as const, atMs: atMs + 1, by: 'gateway' },
    ]
    await replaceOn(ledger, moved(planned, { state: 'SENT', history }), planned)
    clock.advance(49 * HOUR_MS)
    await run()
    expect(linesOf(KEY)).toMatchObject([{}, { moves: [{ state: 'PLANNED' }, { state: 'CLAIMED' }] }, {}])
    expect(linesOf('audit/2026-11-16.ndjson')).toMatchObject([{}, { moves: [{ state: 'SENT' }] }, {}])
  })

  it('has what was decided on a schedule, by whom it was made, approved and deleted, what it does and when', async () => {
    const { ledger, clock, run, linesOf } = await auditWorld()
    await run()
    const atMs = clock.nowMs()
    const made = newSchedule({
      createdAtMs: atMs,
      updatedAtMs: atMs,
      state: 'AWAITING_APPROVAL',
      when: { cron: '0 8 ? * MON *', timeZone: 'Europe/Berlin' },
      order: {
        kind: 'assignments',
        assignments: [{ licenseId: 'cloudCX3', userIdsAdd: [ann], userIdsRemove: [bob] }],
        reason: 'as Carla said',
        revertAfter: 'PT8H',
      },
    })
    await ledger.createSchedule(made)
    clock.advance(24 * HOUR_MS)
    const decision = { by: { kind: 'jwt', id: 'bob' }, atMs: clock.nowMs(), isApproved: true } as const
    const approval = { because: [], expiresAtMs: clock.nowMs(), decision }
    const approved = { ...made, version: 2, state: 'ACTIVE', approval, updatedAtMs: clock.nowMs() } as const
    await ledger.replaceSchedule(approved, 1)
    clock.advance(24 * HOUR_MS)
    const deletedBy = { kind: 'jwt', id: 'cem' } as const
    const deleted = {
      ...approved,
      version: 3,
      state: 'DELETED',
      deletedBy,
      updatedAtMs: clock.nowMs(),
    } as const
    await ledger.replaceSchedule(deleted, 2)
    clock.advance(24 * HOUR_MS)
    await run()
    const told = [15, 16, 17].map((day) =>
      linesOf(`audit/2026-11-${day}.ndjson`).filter(({ type }) => type === 'schedule'),
    )
    const by = (name: string) => ({ kind: 'jwt', ref: actorRefOf(OWNER.orgId, name) })
    const line = (what: string, day: number, actor: object) => ({
      type: 'schedule',
      id: made.id,
      digest: made.digest,
      what,
      at: new Date(atMs + day * 24 * HOUR_MS).toISOString(),
      by: actor,
      kind: 'assignments',
      targets: [
        { licenseId: 'cloudCX3', userId: ann, desired: true },
        { licenseId: 'cloudCX3', userId: bob, desired: false },
      ],
      reason: `sha256:${sha256Of(Buffer.from('as Carla said'))}`,
      revertAfter: 'PT8H',
      when: { cron: '0 8 ? * MON *', timeZone: 'Europe/Berlin' },
    })
    expect(told).toEqual([
      [line('made', 0, by(actorNameOf(made.actor)))],
      [line('approved', 1, by('jwt:bob'))],
      [line('deleted', 2, by('jwt:cem'))],
    ])
  })

  it('has each turn of the stop switch', async () => {
    const { ledger, clock, run, linesOf } = await auditWorld()
    await run()
    const turn = (version: number, state: 'paused' | 'running') =>
      ({
        schema: 1,
        state,
        version,
        writeId: `w${version}`,
        by: { kind: 'jwt', id: 'ann' },
        atMs: clock.nowMs(),
        key: 'k',
        requestDigest: 'r',
      }) as const
    const paused = turn(1, 'paused')
    await ledger.putSwitch(paused, undefined)
    clock.advance(24 * HOUR_MS)
    await ledger.putSwitch(turn(2, 'running'), paused)
    clock.advance(24 * HOUR_MS)
    await run()
    expect(linesOf(KEY)).toMatchObject([{}, { type: 'writes', version: 1, state: 'paused' }, {}])
    expect(linesOf('audit/2026-11-16.ndjson')).toMatchObject([{}, { version: 2, state: 'running' }, {}])
  })
})

describe('the chain of files', () => {
  it('carries in each the hash of the one before, and the newest is in the ledger and the log', async () => {
    const { ledger, clock, run, linesOf, versions, files, audit } = await auditWorld()
    await run()
    await createOn(ledger, newHeader())
    clock.advance(38 * HOUR_MS)
    await run()
    const [first, second] = ['audit/2026-11-15.ndjson', 'audit/2026-11-16.ndjson'].map((key) => ({
      key,
      sha256: sha256Of(firstBytesOf(versions, key)),
    }))
    expect(linesOf('audit/2026-11-16.ndjson')[0]).toMatchObject({ previous: first })
    expect(await audit.auditHead()).toMatchObject({ nextDay: '2026-11-17', last: second })
    expect(files).toMatchObject([
      { ...first, day: '2026-11-15', records: 1, was: 'put' },
      { ...second, day: '2026-11-16', records: 0, was: 'put' },
    ])
  })

  it('goes on where no time was left, with the day that comes next', async () => {
    const { clock, run, versions } = await auditWorld()
    await run()
    clock.advance(10 * 24 * HOUR_MS)
    await run(deadlineIn(1, clock))
    expect(versions.keys()).toEqual([])
    await run()
    expect(versions.keys()).toHaveLength(10)
  })

  it.each(['SlowDown', 'InternalError'])('is held up by no %s of S3 that passes', async (code) => {
    const { clock, run, versions, s3 } = await auditWorld()
    await run()
    clock.advance(14 * HOUR_MS)
    s3.fail('PutObject', { code, status: 503, times: 2 })
    await run()
    expect(versions.of(KEY)).toHaveLength(1)
  })

  it('fails where S3 refuses, names why, and is written by the next run', async () => {
    const { clock, run, versions, s3, agesMs } = await auditWorld()
    await run()
    clock.advance(14 * HOUR_MS)
    s3.fail('PutObject', { code: 'AccessDenied', status: 403 })
    await expect(run()).rejects.toThrow(/audit\/2026-11-15\.ndjson.*403 AccessDenied/)
    expect(agesMs.at(-1)).toBe(26 * HOUR_MS)
    await run()
    expect(versions.of(KEY)).toHaveLength(1)
  })

  it.each(['before', 'after'] as const)(
    'has the same bytes in each version of a file whose put was lost %s it came about, and alarms nobody',
    async (isLost) => {
      const { clock, run, versions, s3, met } = await auditWorld()
      await run()
      clock.advance(14 * HOUR_MS)
      s3.fail('PutObject', { isLost })
      await run()
      expect(bytesUnder(versions, KEY)).toHaveLength(1)
      expect([versions.of(KEY).length, met]).toEqual([isLost === 'before' ? 1 : 2, []])
    },
  )

  it('has its record beside what somebody put under its key, and that is told', async () => {
    const { clock, run, versions, audit, met, files } = await auditWorld()
    await run()
    versions.add(KEY, Buffer.from('junk'), { atMs: clock.nowMs() })
    clock.advance(14 * HOUR_MS)
    await run()
    const [ours, theirs] = versions.of(KEY).map((each) => versions.bytesOf(each))
    expect(theirs?.toString('utf8')).toBe('junk')
    expect((await audit.auditHead())?.last).toEqual({ key: KEY, sha256: sha256Of(ours ?? Buffer.of()) })
    expect([met, files.map(({ was }) => was)]).toEqual([[KEY], ['there']])
  })

  it('is one chain where two runs begin it and go on at once', async () => {
    const { clock, run, versions } = await auditWorld()
    await Promise.all([run(), run(), run()])
    clock.advance(62 * HOUR_MS)
    await Promise.all([run(), run(), run()])
    expect(versions.keys()).toHaveLength(3)
    expect(versions.keys().flatMap((key) => bytesUnder(versions, key))).toHaveLength(3)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((n) => [[n, false] as const, [n, true] as const]))(
    'is the same where a run ends at its %ith call of the ledger (carried out: %s) and another comes, and alarms nobody',
    async (n, isLastStored) => {
      const { ledger, clock, run, faults, versions, linesOf, met } = await auditWorld()
      await run()
      await createOn(ledger, newHeader())
      clock.advance(38 * HOUR_MS)
      faults.crashAfter(n, isLastStored)
      await run().catch(() => {})
      await faults.heal()
      await run()
      expect(versions.keys()).toHaveLength(2)
      expect(versions.keys().flatMap((key) => bytesUnder(versions, key))).toHaveLength(2)
      const sha256 = sha256Of(firstBytesOf(versions, KEY))
      expect(linesOf('audit/2026-11-16.ndjson')[0]).toMatchObject({ previous: { key: KEY, sha256 } })
      expect(met).toEqual([])
    },
  )

  it('alarms nobody where a run ends between its put and its answer, and another comes', async () => {
    const { clock, run, versions, met, files } = await auditWorld()
    await run()
    clock.advance(14 * HOUR_MS)
    const dying: Transport = async (request) => {
      await nodeTransport(request)
      throw new Error('the process has ended')
    }
    await expect(run(undefined, dying)).rejects.toThrow('ended')
    await run()
    expect([met, files.map(({ was }) => was)]).toEqual([[], ['repeated']])
    expect([versions.of(KEY).length, bytesUnder(versions, KEY).length]).toEqual([2, 1])
  })

  it('tells of what somebody put after a run whose put was refused, which has put nothing', async () => {
    const { clock, run, versions, met, s3 } = await auditWorld()
    await run()
    clock.advance(14 * HOUR_MS)
    s3.fail('PutObject', { code: 'AccessDenied', status: 403 })
    await expect(run()).rejects.toThrow('403 AccessDenied')
    versions.add(KEY, Buffer.from('junk'), { atMs: clock.nowMs() })
    await run()
    expect(met).toEqual([KEY])
  })

  it('is not written over a record that this version does not know', async () => {
    const { ledger, putItem, items, clock, run, versions } = await auditWorld()
    await run()
    await createOn(ledger, newHeader())
    const header = (await items()).find(({ sk }) => sk === 'header')
    await putItem({ ...header, record: { ...Object(header?.['record']), schema: 9 } })
    clock.advance(14 * HOUR_MS)
    await expect(run()).rejects.toMatchObject({ code: 'ledger.record.unknown' })
    expect(versions.keys()).toEqual([])
  })
})
