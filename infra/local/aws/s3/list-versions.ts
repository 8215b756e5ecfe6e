/** ListObjectVersions: keys in their order, of each the newest version first, page by page. */
import { element, xmlOf } from './s3-error.ts'
import { etagOf, type ObjectVersion, type ObjectVersions } from './versions.ts'

/** S3's own bound of a page. */
const MAX_KEYS = 1_000

export function listVersionsXml(
  bucketName: string,
  versions: ObjectVersions,
  query: URLSearchParams,
): string {
  const prefix = query.get('prefix') ?? ''
  const maxKeys = Math.min(Number(query.get('max-keys') ?? MAX_KEYS), MAX_KEYS)
  const keyMarker = query.get('key-marker') ?? ''
  const versionMarker = query.get('version-id-marker') ?? ''
  const all = versions
    .keys()
    .filter((key) => key.startsWith(prefix) && key >= keyMarker)
    .flatMap((key) => {
      const found = versions.of(key).map((version, place) => ({ ...version, isLatest: place === 0 }))
      if (key !== keyMarker) return found
      // Without a version the marker's key is done with.
      return versionMarker === ''
        ? []
        : found.slice(found.findIndex(({ versionId }) => versionId === versionMarker) + 1)
    })
  const page = all.slice(0, maxKeys)
  const last = page.at(-1)
  const isTruncated = all.length > page.length
  const members = [
    element('Name', bucketName),
    element('Prefix', prefix),
    element('KeyMarker', keyMarker),
    element('VersionIdMarker', versionMarker),
    element('MaxKeys', maxKeys),
    element('IsTruncated', isTruncated),
    ...(isTruncated && last
      ? [element('NextKeyMarker', last.key), element('NextVersionIdMarker', last.versionId)]
      : []),
    ...page.map((each) => entryOf(each, versions)),
  ]
  return xmlOf(
    `<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${members.join('')}</ListVersionsResult>`,
  )
}

function entryOf(
  version: ObjectVersion & { readonly isLatest: boolean },
  versions: Pick<ObjectVersions, 'bytesOf'>,
): string {
  const { key, versionId, isLatest, atMs, isDeleteMarker } = version
  const members =
    element('Key', key) +
    element('VersionId', versionId) +
    element('IsLatest', isLatest) +
    element('LastModified', new Date(atMs).toISOString())
  return isDeleteMarker
    ? `<DeleteMarker>${members}</DeleteMarker>`
    : `<Version>${members}${element('ETag', etagOf(versions.bytesOf(version)))}</Version>`
}
