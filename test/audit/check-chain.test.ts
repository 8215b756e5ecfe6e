import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { type ChainChecked, type ChainExpected, checkChain } from '../../infra/audit/check-chain.ts'
import { readBucket } from '../../infra/audit/read-bucket.ts'
import { TEST_KEY } from '../../infra/local/aws/access-key.ts'
import { makeAuditFile, sha256Of } from '../../lib/audit/audit-file.ts'
import { createOn, newHeader } from '../ledger/records.ts'
import { type AuditWorld, auditWorld, BUCKET, OWNER } from '../support/ledger/audit.ts'

const DAY_MS = 86_400_000
const keyOf = (day: number) => `audit/2026-11-${day}.ndjson`

/** Five days' files, of the 15th to the 19th, a change in the first. */
async function fiveDays(): Promise<AuditWorld> {
  const world = await auditWorld()
  await world.run()
  await createOn(world.ledger, newHeader())
  for (let day = 0; day < 5; day++) {
    world.clock.advance(DAY_MS)
    await world.run()
  }
  return world
}

const fileOf = ({ s3 }: AuditWorld, day: number, number = 1) =>
  join(s3.directory, 'audit', `2026-11-${day}.ndjson`, `${String(number).padStart(6, '0')}.bytes`)

function clientOf({ s3 }: AuditWorld): S3Client {
  return new S3Client({
    region: 'us-east-1',
    endpoint: s3.url,
    forcePathStyle: true,
    credentials: TEST_KEY,
    maxAttempts: 1,
  })
}

/** As whoever has the ledger checks it, unless told otherwise. */
async function check(world: AuditWorld, expected: Partial<ChainExpected> = {}): Promise<ChainChecked> {
  const head = (await world.audit.auditHead())?.last
  const files = await readBucket(clientOf(world), BUCKET)
  return await checkChain(files, {
    head,
    newestDay: '2026-11-19',
    nowMs: world.clock.nowMs(),
    ...expected,
  })
}

/** Makes the files of some days anew in the place of the first versions, each as the gateway would. */
function forge(world: AuditWorld, days: readonly number[], lines: readonly string[]): void {
  let last = world.files.find(({ key }) => key === keyOf((days[0] ?? 0) - 1))
  const sinceMs = Date.parse('2026-11-15T12:00:00Z')
  for (const day of days) {
    const head = { nextDay: `2026-11-${day}`, sinceMs, last }
    const { file, bytes } = makeAuditFile(OWNER, head, day === days[0] ? lines : [])
    if (world.versions.of(keyOf(day)).length > 0) writeFileSync(fileOf(world, day), bytes)
    else world.versions.add(keyOf(day), Buffer.from(bytes), { atMs: world.clock.nowMs() })
    last = { ...file, day: '', bytes: 0, records: 0, was: 'put' }
  }
}

describe('a chain that nobody has touched', () => {
  it('is whole, from its first day to its newest', async () => {
    const world = await fiveDays()
    expect(await check(world)).toMatchObject({
      breaks: [],
      notices: [],
      files: 5,
      lines: 1,
      from: '2026-11-15',
      to: '2026-11-19',
      stack: OWNER.stack,
    })
  })

  it('is whole by its first versions where files were written over and deleted since, and that is told', async () => {
    const world = await fiveDays()
    world.versions.add(keyOf(16), Buffer.from('{"type":"file"}\n'), { atMs: world.clock.nowMs() })
    world.versions.add(keyOf(17), undefined, { atMs: world.clock.nowMs() })
    const { breaks, notices } = await check(world)
    expect(breaks).toEqual([])
    expect(notices).toEqual([
      expect.stringContaining(`${keyOf(16)} has 1 more versions or delete markers`),
      expect.stringContaining(`${keyOf(17)} has 1 more versions or delete markers`),
    ])
  })

  it('is read whole page by page, also where a page ends among the versions of one key', async () => {
    const world = await fiveDays()
    for (let n = 0; n < 3; n++) world.versions.add(keyOf(16), Buffer.from('x'), { atMs: world.clock.nowMs() })
    const head = (await world.audit.auditHead())?.last
    for (const pageSize of [1, 2, 3, 5]) {
      const files = await readBucket(clientOf(world), BUCKET, pageSize)
      const expected = { head, newestDay: '2026-11-19', nowMs: world.clock.nowMs() }
      const { breaks, files: count } = await checkChain(files, expected)
      expect([pageSize, count, breaks]).toEqual([pageSize, 5, []])
    }
  })
})

describe('what somebody did to the files of a chain', () => {
  it.each([15, 17, 19])('is found where one byte of the file of the %ith was changed', async (day) => {
    const world = await fiveDays()
    const text = readFileSync(fileOf(world, day), 'utf8')
    // A digit of the time at which the chain began: still JSON, and still as the gateway writes it.
    writeFileSync(
      fileOf(world, day),
      text.replace('"since":"2026-11-15T12:00:00', '"since":"2026-11-15T12:00:01'),
    )
    const { breaks } = await check(world)
    expect(breaks).toContainEqual(
      expect.objectContaining({ key: keyOf(day), what: expect.stringContaining('was changed') }),
    )
  })

  it('is found with its line where that is no JSON any more, or not as the gateway writes it', async () => {
    const world = await fiveDays()
    const text = readFileSync(fileOf(world, 15), 'utf8')
    writeFileSync(fileOf(world, 15), text.replace('{"actor"', '["actor"'))
    writeFileSync(
      fileOf(world, 16),
      readFileSync(fileOf(world, 16), 'utf8').replace('"lines":0', '"lines": 0'),
    )
    const { breaks } = await check(world)
    expect(breaks).toContainEqual({ key: keyOf(15), line: 2, what: 'is no JSON' })
    expect(breaks).toContainEqual({ key: keyOf(16), line: 2, what: 'is not as the gateway writes it' })
  })

  it.each([15, 17, 19])('is found where the file of the %ith is gone', async (day) => {
    const world = await fiveDays()
    rmSync(join(fileOf(world, day), '..'), { recursive: true })
    const { breaks } = await check(world)
    expect(breaks.map(({ key }) => key)).toContain(keyOf(day))
    expect(breaks.find(({ key }) => key === keyOf(day))?.what).toMatch(/^is missing/)
  })

  it('is found where two were swapped', async () => {
    const world = await fiveDays()
    const [one, other] = [fileOf(world, 16), fileOf(world, 18)]
    renameSync(one, `${one}.kept`)
    renameSync(other, one)
    renameSync(`${one}.kept`, other)
    const { breaks } = await check(world)
    expect(breaks).toContainEqual({
      key: keyOf(16),
      line: 1,
      what: 'is the file of 2026-11-18, under the key of another day',
    })
    expect(breaks).toContainEqual(expect.objectContaining({ key: keyOf(18), line: 1 }))
  })

  it('is found where a line was taken out, and the count with it', async () => {
    const world = await fiveDays()
    const lines = readFileSync(fileOf(world, 15), 'utf8').split('\n')
    writeFileSync(fileOf(world, 15), [lines[0], '{"lines":0,"type":"end"}', ''].join('\n'))
    const { breaks } = await check(world)
    expect(breaks).toContainEqual(expect.objectContaining({ key: keyOf(15) }))
  })

  it('is found where the end of a file is cut off', async () => {
    const world = await fiveDays()
    writeFileSync(fileOf(world, 19), readFileSync(fileOf(world, 19)).subarray(0, -3))
    const { breaks } = await check(world)
    expect(breaks).toContainEqual({
      key: keyOf(19),
      line: 2,
      what: 'its last line has no end: something was cut off',
    })
  })

  it('is found where a file is of another stack, however well it is made', async () => {
    const world = await fiveDays()
    const [, before] = [0, world.files[1]]
    const owner = { ...OWNER, stack: 'other' }
    const made = makeAuditFile(
      owner,
      { nextDay: '2026-11-17', sinceMs: Date.parse('2026-11-15T12:00:00Z'), last: before },
      [],
    )
    writeFileSync(fileOf(world, 17), made.bytes)
    const { breaks } = await check(world)
    expect(breaks).toContainEqual(
      expect.objectContaining({ key: keyOf(17), line: 1, what: expect.stringContaining('is of other') }),
    )
  })

  it('is found where the newest files are gone, by the ledger, by a noted hash and by the calendar', async () => {
    const world = await fiveDays()
    for (const day of [18, 19]) rmSync(join(fileOf(world, day), '..'), { recursive: true })
    const gone = [keyOf(18), keyOf(19)]
    const known = (await world.audit.auditHead())?.last
    const byLedger = await check(world, { newestDay: '2026-11-17' })
    expect(byLedger.breaks.map(({ key }) => key)).toEqual(gone)
    const byHash = await check(world, { head: undefined, noted: known?.sha256, newestDay: '2026-11-17' })
    expect(byHash.breaks).toMatchObject([
      { key: keyOf(17), what: expect.stringContaining('no file has the SHA-256') },
    ])
    const byCalendar = await check(world, { head: undefined })
    expect(byCalendar.breaks.map(({ key }) => key)).toEqual(gone)
  })

  it('is found where all of it was made anew from a day on, by what the ledger has', async () => {
    const world = await fiveDays()
    forge(world, [17, 18, 19], ['{"type":"made.up"}'])
    const { breaks } = await check(world)
    expect(breaks).toMatchObject([
      { key: keyOf(19), what: expect.stringContaining('on record is the SHA-256') },
    ])
  })

  it('is found where files were made anew and one of a later day was added, over or not', async () => {
    for (const laterMs of [0, DAY_MS]) {
      const world = await fiveDays()
      world.clock.advance(laterMs)
      forge(world, [17, 18, 19, 20], ['{"type":"made.up"}'])
      const { breaks } = await check(world)
      expect(breaks).toMatchObject([
        { key: keyOf(19), what: expect.stringContaining('on record is the SHA-256') },
        { key: keyOf(20), what: expect.stringMatching(laterMs === 0 ? /not over/ : /later than the newest/) },
      ])
    }
  })

  it('is found where the first days are gone and the rest says that it began later', async () => {
    const world = await fiveDays()
    for (const day of [15, 16]) rmSync(join(fileOf(world, day), '..'), { recursive: true })
    world.files.splice(0, 2)
    forge(world, [17, 18, 19], [])
    const { breaks } = await check(world, { head: undefined })
    expect(breaks).toMatchObject([
      { key: keyOf(17), line: 1, what: expect.stringContaining('the chain began on 2026-11-15') },
    ])
  })
})

describe('a hash that somebody has noted', () => {
  it.each([15, 17, 19])('is found in a whole chain, also as that of the %ith', async (day) => {
    const world = await fiveDays()
    const noted = world.files.find(({ key }) => key === keyOf(day))?.sha256
    const { breaks, notices } = await check(world, { noted })
    expect(breaks).toEqual([])
    expect(notices).toEqual(day === 19 ? [] : [expect.stringContaining(`is that of ${keyOf(day)}`)])
  })

  it('says that the chain was made anew, also where the ledger was too', async () => {
    const world = await fiveDays()
    const noted = world.files.find(({ key }) => key === keyOf(17))?.sha256
    forge(world, [16, 17, 18, 19], ['{"type":"made.up"}'])
    const [newest] = world.versions.of(keyOf(19))
    const sha256 = newest ? sha256Of(world.versions.bytesOf(newest)) : ''
    const head = { key: keyOf(19), sha256 }
    expect((await check(world, { head })).breaks).toEqual([])
    expect((await check(world, { head, noted })).breaks).toMatchObject([
      { what: expect.stringContaining(`no file has the SHA-256 ${noted}`) },
    ])
  })
})

describe('what is strange in a bucket', () => {
  it.each([
    'audit/2026-13-01.ndjson',
    'audit/2026-02-31.ndjson',
    'audit/2099-01-01.ndjson',
    'audit/1970-01-01.ndjson',
  ])('is one fault where it is %s, and the rest is checked', async (key) => {
    const world = await fiveDays()
    world.versions.add(key, Buffer.from('{}\n'), { atMs: world.clock.nowMs() })
    const { breaks, files } = await check(world)
    expect([breaks.map((each) => each.key), files]).toEqual([[key], 5])
  })

  it('is one fault where a key has only delete markers, beside what the others say of it', async () => {
    const world = await fiveDays()
    rmSync(join(fileOf(world, 17), '..'), { recursive: true })
    world.versions.add(keyOf(17), undefined, { atMs: world.clock.nowMs() })
    const { breaks } = await check(world)
    expect(breaks).toMatchObject([{ key: keyOf(17), what: expect.stringContaining('only delete markers') }])
  })

  it('is told where a file came long after its day', async () => {
    const world = await fiveDays()
    world.clock.advance(3 * DAY_MS)
    await world.run()
    const { breaks, notices } = await check(world)
    expect(breaks).toEqual([])
    expect(notices).toEqual([
      expect.stringContaining(`${keyOf(20)} was put 2026-11-23T12:00:00.000Z, 60 hours after`),
      expect.stringContaining(keyOf(21)),
    ])
  })

  it('is told where somebody had put something there before the day was over, and the chain is whole', async () => {
    const world = await fiveDays()
    world.versions.add(keyOf(20), Buffer.from('junk'), { atMs: world.clock.nowMs() })
    expect((await check(world)).breaks).toMatchObject([
      { key: keyOf(20), what: expect.stringContaining('not over') },
    ])
    world.clock.advance(DAY_MS)
    await world.run()
    const { breaks, notices, files } = await check(world, { newestDay: '2026-11-20' })
    expect([breaks, files]).toEqual([[], 6])
    expect(notices).toEqual([expect.stringContaining('before its day was over')])
  })

  it('is one fault that names the version with the record where somebody was first after the day', async () => {
    const world = await fiveDays()
    world.clock.advance(DAY_MS - 11.5 * 3_600_000)
    world.versions.add(keyOf(20), Buffer.from('junk'), { atMs: world.clock.nowMs() })
    for (const expectedFiles of [6, 7]) {
      world.clock.advance(expectedFiles === 6 ? 3_600_000 : DAY_MS)
      await world.run()
      const { breaks, files } = await check(world)
      const [ours] = world.versions.of(keyOf(20))
      expect([breaks, files]).toEqual([
        [{ key: keyOf(20), what: expect.stringContaining(`the version ${ours?.versionId}`) }],
        expectedFiles,
      ])
    }
  })
})
