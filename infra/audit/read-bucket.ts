/** The audit's bucket as whoever checks it may read it: each key, and of each all versions. */
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
  type S3Client,
} from '@aws-sdk/client-s3'
import { AUDIT_PREFIX } from '../../lib/audit/audit-key.ts'
import type { FoundFile } from './look-at-file.ts'

/** S3's own bound of a page. */
const PAGE_SIZE = 1_000

/** Of one key, the newest first, as S3 lists them. */
interface Listed {
  readonly versions: ObjectVersion[]
  deleteMarkers: number
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
    .map(([key, { versions, deleteMarkers }]) => ({
      key,
      deleteMarkers,
      versions: versions.toReversed().map(({ VersionId = '', LastModified, ETag }) => {
        if (LastModified === undefined) throw new Error(`S3 does not say when ${key} was put`)
        return {
          versionId: VersionId,
          atMs: LastModified.getTime(),
          etag: ETag,
          read: async () => await readVersion(client, { Bucket: bucketName, Key: key, VersionId }),
        }
      }),
    }))
}

async function readVersion(
  client: S3Client,
  version: { readonly Bucket: string; readonly Key: string; readonly VersionId: string },
): Promise<Uint8Array> {
  const { Body } = await client.send(new GetObjectCommand(version))
  if (!Body) throw new Error(`${version.Key} came without a body`)
  return await Body.transformToByteArray()
}

async function listKeys(
  client: S3Client,
  bucketName: string,
  pageSize: number,
): Promise<ReadonlyMap<string, Listed>> {
  const found = new Map<string, Listed>()
  const listedOf = (key: string): Listed => {
    const listed = found.get(key) ?? { versions: [], deleteMarkers: 0 }
    found.set(key, listed)
    return listed
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
    for (const version of page.Versions ?? []) listedOf(version.Key ?? '').versions.push(version)
    for (const { Key = '' } of page.DeleteMarkers ?? []) listedOf(Key).deleteMarkers += 1
    KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined
    VersionIdMarker = page.NextVersionIdMarker
  } while (KeyMarker !== undefined)
  return found
}
