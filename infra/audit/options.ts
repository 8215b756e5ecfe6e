/** The options of `npm run verify-audit`, checked. */
import { DATA_OPTION, directoryOf } from '../local/run-file.ts'
import { mistyped, parsedArgs } from '../local/usage.ts'

const USAGE = `npm run verify-audit -- [--data DIR] [--head SHA256]
npm run verify-audit -- --bucket NAME [--region REGION] [--table NAME] [--head SHA256]
says whether the chain of audit files is whole, or where it breaks
exit code 0: whole; 1: broken; 2: it could not be found out`

const OPTIONS = {
  data: DATA_OPTION,
  bucket: { type: 'string', value: 'NAME', says: 'a bucket in AWS: the stack’s output AuditBucketName' },
  region: { type: 'string', value: 'REGION', says: 'its AWS region, where your settings name none' },
  table: {
    type: 'string',
    value: 'NAME',
    says: 'the ledger, which knows the newest file too: the stack’s output TableName',
  },
  head: {
    type: 'string',
    value: 'SHA256',
    says: 'the hash of a file, of any day, as somebody has noted it; write-audit’s log has each',
  },
} as const

export type VerifyOptions =
  | { readonly kind: 'local'; readonly directory: string; readonly head: string | undefined }
  | {
      readonly kind: 'aws'
      readonly bucketName: string
      readonly region: string | undefined
      readonly tableName: string | undefined
      readonly head: string | undefined
    }

/** @throws UsageError, HelpAsked */
export function verifyOptions(args: readonly string[]): VerifyOptions {
  const { values } = parsedArgs({ args: [...args], options: OPTIONS }, USAGE)
  const { data, bucket, region, table, head } = values
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head))
    throw mistyped('--head must be 64 digits and letters from a to f')
  if (bucket === undefined) {
    if (region !== undefined || table !== undefined) throw mistyped('--region and --table go with --bucket')
    return { kind: 'local', directory: directoryOf(data), head }
  }
  if (data !== undefined) throw mistyped('One of --data and --bucket says whose files')
  return { kind: 'aws', bucketName: bucket, region, tableName: table, head }
}
