/** The audit's chain over real sockets: a ledger in memory, a bucket on disk, a clock that moves when it is told to. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { TEST_KEY } from '../../../infra/local/aws/access-key.ts'
import { type LocalS3, type S3Options, startS3 } from '../../../infra/local/aws/s3/server.ts'
import { type ObjectVersions, objectVersions } from '../../../infra/local/aws/s3/versions.ts'
import type { AuditFile, AuditLedger, PutResult } from '../../../lib/audit/audit-port.ts'
import { writeAudit } from '../../../lib/audit/write-audit.ts'
import { auditBucket } from '../../../lib/aws/audit-bucket.ts'
import { ledgerClient } from '../../../lib/aws/dynamo-client.ts'
import { type Deadline, deadlineIn } from '../../../lib/clock.ts'
import type { Difference } from '../../../lib/inventory/inventory-port.ts'
import { dynamoAudit } from '../../../lib/ledger/dynamo-audit.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { type FakeClock, fakeClock } from '../fake-clock.ts'
import { ledgerForTests, type TestLedger } from './ledger.ts'

export const OWNER = { stack: 'acme', orgId: '0a6c9a1e-5b7c-4f43-9d51-3f1d2c7b8e90' }
export const BUCKET = 'audit-bucket'

/** A bucket of its own, on disk; it ends with the test. */
export async function s3ForTests(options: Partial<S3Options> = {}): Promise<LocalS3> {
  const directory = mkdtempSync(join(tmpdir(), 'audit-'))
  const s3 = await startS3({
    directory,
    bucketName: BUCKET,
    lock: { mode: 'GOVERNANCE', days: 30 },
    ...options,
  })
  onTestFinished(async () => {
    await s3.close()
    rmSync(directory, { recursive: true })
  })
  return s3
}

/** A difference, and when the reading that showed it had ended. */
export interface NotedDifference {
  readonly notedAtMs: number
  readonly difference: Difference
}

export interface NotedFile extends AuditFile {
  readonly day: string
  readonly bytes: number
  readonly records: number
  readonly was: PutResult
}

export interface AuditWorld extends TestLedger {
  readonly clock: FakeClock
  readonly s3: LocalS3
  readonly versions: ObjectVersions
  readonly differences: NotedDifference[]
  readonly audit: AuditLedger
  /** What the log was told, in order. */
  readonly files: NotedFile[]
  readonly agesMs: number[]
  /** Keys under which something was met. */
  readonly met: string[]
  /** One run of the function. @param transport to the bucket. */
  readonly run: (deadline?: Deadline, transport?: Transport) => Promise<void>
  /** The lines of a key's first version, as values. */
  readonly linesOf: (key: string) => readonly Readonly<Record<string, unknown>>[]
}

export async function auditWorld(now = '2026-11-15T12:00:00.000Z'): Promise<AuditWorld> {
  const ledger = await ledgerForTests()
  const clock = fakeClock({ now })
  const s3 = await s3ForTests({ nowMs: clock.nowMs })
  const versions = objectVersions(s3.directory)
  const differences: NotedDifference[] = []
  const files: NotedFile[] = []
  const agesMs: number[] = []
  const met: string[] = []
  const auditOver = (transport: Transport) =>
    dynamoAudit({
      client: ledgerClient(transport, 'us-east-1', ledger.url),
      tableName: ledger.tableName,
      clock,
    })

  return {
    ...ledger,
    clock,
    s3,
    versions,
    differences,
    files,
    agesMs,
    met,
    audit: auditOver(nodeTransport),
    async run(deadline = deadlineIn(25_000, clock), transport = nodeTransport) {
      await writeAudit({
        owner: OWNER,
        ledger: auditOver(ledger.faults.transport),
        inventory: {
          async *differencesNoted(fromMs, toMs) {
            for (const { notedAtMs, difference } of differences)
              if (notedAtMs >= fromMs && notedAtMs < toMs) yield difference
          },
        },
        bucket: auditBucket({
          transport,
          clock,
          region: 'us-east-1',
          endpoint: s3.url,
          bucketName: BUCKET,
          credentials: async () => TEST_KEY,
        }),
        log: {
          noteFile: (file, was) => void files.push({ ...file, was }),
          noteMet: ({ key }) => void met.push(key),
          noteAge: (ageMs) => void agesMs.push(ageMs),
        },
        clock,
        deadline,
      })
    },
    linesOf: (key) => linesIn(firstBytesOf(versions, key)),
  }
}

/** Of a key, as the chain counts it. */
export function firstBytesOf(versions: ObjectVersions, key: string): Buffer {
  const first = versions.of(key).at(-1)
  if (first === undefined) throw new Error(`there is no ${key}`)
  return versions.bytesOf(first)
}

export function linesIn(bytes: Buffer): readonly Readonly<Record<string, unknown>>[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
