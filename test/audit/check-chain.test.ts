import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { type ChainChecked, checkChain, type KnownHead } from '../../infra/audit/check-chain.ts'
import { readBucket } from '../../infra/audit/read-bucket.ts'
import { TEST_KEY } from '../../infra/local/aws/access-key.ts'
import { makeAuditFile } from '../../lib/audit/audit-file.ts'
import { createOn, newHeader } from '../ledger/records.ts'
import { type AuditWorld, auditWorld, BUCKET, OWNER } from '../support/ledger/audit.ts'

const DAY_MS = 86_400_000
const keyOf = (day: number) => `audit/2026-11-${day}.ndjson`

/** Five days' files, of the 15th to the 19th, a change in the first. */
async function fiveDays(): Promise<AuditWorld> {
  const world = await auditWorld()
  await world.run()
  await createOn(world.ledger, newHeader())
  world.clock.advance(5 * DAY_MS)
  await world.run()
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

async function check(world: AuditWorld, head?: KnownHead, newestDay = '2026-11-19'): Promise<ChainChecked> {
  const known = head ?? (await world.audit.auditHead())?.last
  return await checkChain(await readBucket(clientOf(world), BUCKET), { head: known, newestDay })
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
      const { breaks, files: count } = await checkChain(files, { head, newestDay: '2026-11-19' })
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
    const byLedger = await check(world, known, '2026-11-17')
    expect(byLedger.breaks.map(({ key }) => key)).toEqual(gone)
    const byHash = await check(world, { sha256: known?.sha256 ?? '' }, '2026-11-17')
    expect(byHash.breaks).toMatchObject([
      { key: keyOf(17), what: expect.stringContaining('is not the newest') },
    ])
    const files = await readBucket(clientOf(world), BUCKET)
    const byCalendar = await checkChain(files, { newestDay: '2026-11-19' })
    expect(byCalendar.breaks.map(({ key }) => key)).toEqual(gone)
  })

  it('is found where all of it was made anew from a day on, by what the ledger has', async () => {
    const world = await fiveDays()
    let last = world.files[1]
    for (const day of [17, 18, 19]) {
      const head = { nextDay: `2026-11-${day}`, sinceMs: Date.parse('2026-11-15T12:00:00Z'), last }
      const { file, bytes } = makeAuditFile(OWNER, head, day === 17 ? ['{"type":"made.up"}'] : [])
      writeFileSync(fileOf(world, day), bytes)
      last = { ...file, day: '', bytes: 0, records: 0, was: 'put' }
    }
    const { breaks } = await check(world)
    expect(breaks).toMatchObject([
      { key: keyOf(19), what: expect.stringContaining('on record is the SHA-256') },
    ])
  })
})
