/** The audit's bucket as whoever checks it may read it: each key, and of each the first version. */
import { GetObjectCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3'
import { AUDIT_PREFIX } from '../../lib/audit/audit-key.ts'
import type { FoundFile } from './check-chain.ts'

/** S3's own bound of a page. */
const PAGE_SIZE = 1_000

/** Of one key. */
interface Listed {
  /** Of all versions the oldest, which S3 lists last; undefined where only delete markers are left. */
  firstId?: string
  /** Versions and delete markers. */
  entries: number
}

/** @returns the keys in their order. @param pageSize asked for at a time. @throws the SDK's errors. */
export async function readBucket(
  client: S3Client,
  bucketName: string,
  pageSize = PAGE_SIZE,
): Promise<readonly FoundFile[]> {
  const keys = await listKeys(client, bucketName, pageSize)
  return [...keys]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { firstId, entries }]) => ({
      key,
      later: entries - 1,
      read: async () => {
        if (firstId === undefined) throw new Error(`${key} has no version any more, only delete markers`)
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket: bucketName, Key: key, VersionId: firstId }),
        )
        if (!Body) throw new Error(`${key} came without a body`)
        return await Body.transformToByteArray()
      },
    }))
}

async function listKeys(
  client: S3Client,
  bucketName: string,
  pageSize: number,
): Promise<ReadonlyMap<string, Listed>> {
  const found = new Map<string, Listed>()
  const note = (key: string, versionId?: string) => {
    const listed = found.get(key) ?? { entries: 0 }
    found.set(key, listed)
    listed.entries += 1
    // The newest comes first: what comes last is the oldest.
    if (versionId !== undefined) listed.firstId = versionId
  }
  let KeyMarker: string | undefined
  let VersionIdMarker: string | undefined
  do {
    const page = await client.send(
      new ListObjectVersionsCommand({
        Bucket: bucketName,
        Prefix: AUDIT_PREFIX,
        MaxKeys: pageSize,
        KeyMarker,
        VersionIdMarker,
      }),
    )
    for (const { Key = '', VersionId } of page.Versions ?? []) note(Key, VersionId)
    for (const { Key = '' } of page.DeleteMarkers ?? []) note(Key)
    KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined
    VersionIdMarker = page.NextVersionIdMarker
  } while (KeyMarker !== undefined)
  return found
}
