/** `npm run verify-audit`: reads the chain of audit files of the local run or of a bucket, and says whole, or where it breaks. */
import { resolve } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import * as z from 'zod/mini'
import type { AuditFile } from '../../lib/audit/audit-port.ts'
import { isDayOver } from '../../lib/audit/write-audit.ts'
import { systemClock } from '../../lib/clock.ts'
import { dynamoAudit } from '../../lib/ledger/dynamo-audit.ts'
import { DAY_MS, utcDayOf } from '../../lib/utc-day.ts'
import { bearerOf } from '../local/aws/access-key.ts'
import { LEDGER_TABLE } from '../local/environment.ts'
import { readRunFile } from '../local/run-file.ts'
import { runCommand } from '../local/usage.ts'
import { type ChainChecked, checkChain } from './check-chain.ts'
import { type VerifyOptions, verifyOptions } from './options.ts'
import { readBucket } from './read-bucket.ts'

/** Whole or not is the answer; what is none is an answer of its own. */
const BROKEN = 1
const UNKNOWN = 2

/** A file comes within an hour of when it can: the function is called each hour. Milliseconds. */
const FILE_TAKES_MS = 3_900_000

/** Faults and notes that are told one by one, of each the first. */
const MAX_TOLD = 50

interface Target {
  readonly client: S3Client
  readonly bucketName: string
  /** Undefined where nobody but the bucket can be asked. */
  readonly head: () => Promise<AuditFile | undefined>
  readonly nowMs: number
}

async function main(args: readonly string[]): Promise<void> {
  const options = verifyOptions(args)
  try {
    const { client, bucketName, head, nowMs } = await targetOf(options)
    const files = await readBucket(client, bucketName)
    const known = await head()
    const { head: noted } = options
    const checked = await checkChain(files, { head: known, noted, newestDay: newestDayOf(nowMs), nowMs })
    tell(checked, known !== undefined || checked.sha256 === noted)
    if (checked.files === 0) process.exitCode = checked.breaks.length > 0 ? BROKEN : UNKNOWN
    else if (checked.breaks.length > 0) process.exitCode = BROKEN
  } catch (error) {
    console.error(`It could not be found out: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = UNKNOWN
  }
}

/** The last day whose file must be there. */
function newestDayOf(nowMs: number): string {
  let atMs = nowMs
  while (!isDayOver(utcDayOf(atMs), nowMs - FILE_TAKES_MS)) atMs -= DAY_MS
  return utcDayOf(atMs)
}

async function targetOf(options: VerifyOptions): Promise<Target> {
  if (options.kind === 'aws') {
    const { bucketName, region, tableName } = options
    const place = region === undefined ? {} : { region }
    const client = new S3Client(place)
    await requireRegion(client)
    return {
      client,
      bucketName,
      nowMs: systemClock.nowMs(),
      head: async () =>
        tableName === undefined ? undefined : await headIn(new DynamoDBClient(place), tableName),
    }
  }
  const { audit, aws, key, ledger } = readRunFile(resolve(options.directory))
  if (!audit) throw new Error('The gateway that runs there is an older one, which writes no audit files')
  const local = { region: 'us-east-1', credentials: key }
  const answer = await fetch(`${aws}/__aws/clock`, { headers: { authorization: bearerOf(key) } })
  return {
    client: new S3Client({ ...local, endpoint: audit.url, forcePathStyle: true }),
    bucketName: audit.bucket,
    nowMs: Date.parse(z.parse(z.object({ now: z.string() }), await answer.json()).now),
    head: async () => await headIn(new DynamoDBClient({ ...local, endpoint: ledger }), LEDGER_TABLE),
  }
}

/** @throws Error that says where to name one, where no setting does. */
async function requireRegion(client: S3Client): Promise<void> {
  try {
    await client.config.region()
  } catch (cause) {
    throw new Error(
      'It is not known in which AWS region the bucket is: name it with --region, or set AWS_REGION or a profile that has one',
      { cause },
    )
  }
}

async function headIn(client: DynamoDBClient, tableName: string): Promise<AuditFile | undefined> {
  return (await dynamoAudit({ client, tableName }).auditHead())?.last
}

function tell(checked: ChainChecked, isHeadKnown: boolean): void {
  const { breaks, notices, files, lines, from, to, sha256, stack } = checked
  for (const notice of notices.slice(0, MAX_TOLD)) console.log(`note: ${notice}`)
  if (notices.length > MAX_TOLD) console.log(`note: ${notices.length - MAX_TOLD} more of these`)
  for (const { key, line, what } of breaks.slice(0, MAX_TOLD))
    console.log(`BROKEN: ${key}${line === undefined ? '' : `, line ${line},`} ${what}`)
  if (breaks.length > MAX_TOLD) console.log(`BROKEN: ${breaks.length - MAX_TOLD} more faults`)
  if (files === 0) {
    console.log('There is no file yet: the first comes an hour after the day on which the gateway first ran')
    return
  }
  const span = `${files} ${files === 1 ? 'file' : 'files'} of ${stack ?? 'no stack that can be read'}, ${from} to ${to}, ${lines} records`
  if (breaks.length > 0) console.log(`Not whole: ${breaks.length} faults in ${span}`)
  else console.log(`Whole: ${span}; the newest has the SHA-256 ${sha256}`)
  if (!isHeadKnown)
    console.log(
      'Whether files are missing after the newest was judged by the calendar alone: name the ledger with --table, or its hash with --head',
    )
}

await runCommand(async () => await main(process.argv.slice(2)))
