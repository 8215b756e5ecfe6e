/**
 * S3 on the laptop: one bucket with versions and Object Lock, and of S3 what the audit's files need, as unkind as it is. What
 * is locked nobody removes; a put without a checksum, or whose bytes are not of it, is refused; who deletes leaves a marker.
 * Of a signature it checks whose key made it, and that the bytes are those that were signed for.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { serveLoopback } from '../../loopback.ts'
import { readBody, splitTarget } from '../../request.ts'
import { type AccessKey, refusalOfKey, TEST_KEY } from '../access-key.ts'
import { listVersionsXml } from './list-versions.ts'
import { accessDenied, errorXml, S3Error } from './s3-error.ts'
import { base64Sha256Of, type ObjectVersion, type ObjectVersions, objectVersions } from './versions.ts'

/** Far above a day's file, and far below what S3 takes. */
const MAX_OBJECT_BYTES = 256 * 1024 * 1024

const DAY_MS = 86_400_000

export interface S3Options {
  /** Where objects survive a restart, a directory of its own. */
  readonly directory: string
  readonly bucketName: string
  /** The bucket's default retention. */
  readonly lock: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number }
  readonly port?: number
  /** What requests must be signed with; TEST_KEY by default. */
  readonly key?: AccessKey
  /** Epoch milliseconds. */
  readonly nowMs?: () => number
}

/** A failure to come, and how often (default once). */
export type S3Failure = { readonly times?: number } & (
  | { /** E.g. `SlowDown`, and its HTTP status. */ readonly code: string; readonly status: number }
  /** The connection breaks in place of an answer, before the request is carried out or after it. */
  | { readonly isLost: 'before' | 'after' }
)

/** A running S3. `url` is the endpoint for the SDK's client, which must ask for paths and not for hosts. */
export interface LocalS3 {
  readonly url: string
  readonly bucketName: string
  /** Where the bucket's objects are; `versions.ts` says how. */
  readonly directory: string
  /** Makes the next calls of an operation fail, e.g. `PutObject`. */
  readonly fail: (operation: string, failure: S3Failure) => void
  readonly clearFailures: () => void
  /** Each operation that was asked for, in order, failed ones too. */
  readonly operations: () => readonly string[]
  readonly close: () => Promise<void>
}

interface Call {
  readonly operation: string
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export async function startS3(options: S3Options): Promise<LocalS3> {
  const { bucketName, port = 0, key: accessKey = TEST_KEY } = options
  const directory = join(options.directory, bucketName)
  const bucket = bucketOf(options, objectVersions(directory))
  const asked: string[] = []
  let planned: { readonly operation: string; readonly failure: S3Failure; left: number }[] = []

  function take(operation: string): S3Failure | undefined {
    const next = planned.find((each) => each.left > 0 && each.operation === operation)
    if (next) next.left -= 1
    return next?.failure
  }

  /** @returns undefined where the answer is lost. */
  function answerTo(call: Call): Answer | undefined {
    asked.push(call.operation)
    const failure = take(call.operation)
    if (failure && 'code' in failure) throw new S3Error(failure.code, failure.status, 'It was told to fail.')
    if (failure?.isLost === 'before') return undefined
    const answer = bucket(call)
    return failure ? undefined : answer
  }

  async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message, MAX_OBJECT_BYTES)
    if (body === 'aborted') return
    const requestId = randomUUID()
    try {
      const answer = answerTo(callOf(message, body, accessKey, bucketName))
      if (answer) send(response, answer, requestId)
      else message.socket.destroy()
    } catch (error) {
      if (!(error instanceof S3Error)) throw error
      const headers = { 'content-type': 'application/xml' }
      send(response, { status: error.status, headers, body: errorXml(error, requestId) }, requestId)
    }
  }

  const server = await serveLoopback((message, response) => void receive(message, response), { port })
  return {
    url: server.url,
    bucketName,
    directory,
    fail: (operation, failure) => planned.push({ operation, failure, left: failure.times ?? 1 }),
    clearFailures: () => {
      planned = []
    },
    operations: () => [...asked],
    close: server.close,
  }
}

function send(
  response: ServerResponse,
  { status, headers = {}, body = '' }: Answer,
  requestId: string,
): void {
  response.writeHead(status, {
    'x-amz-request-id': requestId,
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  })
  response.end(body)
}

/** @throws S3Error for what is not asked as it must be, whatever it is. */
function callOf(
  message: IncomingMessage,
  body: Buffer | null,
  accessKey: AccessKey,
  bucketName: string,
): Call {
  const { method = '', headers } = message
  const refusal = refusalOfKey(headers.authorization, accessKey)
  if (refusal) throw new S3Error('InvalidAccessKeyId', 403, refusal.message)
  if (body === null)
    throw new S3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size')
  const signedFor = headers['x-amz-content-sha256']
  if (signedFor === undefined)
    throw new S3Error('InvalidRequest', 400, 'Missing required header: x-amz-content-sha256')
  if (signedFor !== 'UNSIGNED-PAYLOAD' && signedFor !== createHash('sha256').update(body).digest('hex'))
    throw new S3Error(
      'XAmzContentSHA256Mismatch',
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
  const { path, query } = splitTarget(message.url ?? '')
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? []
  if (bucket !== bucketName) throw new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist')
  const asked = new URLSearchParams(query)
  return {
    operation: operationOf(method, key, asked),
    key: decodeURIComponent(key),
    query: asked,
    headers,
    body,
  }
}

function operationOf(method: string, key: string, query: URLSearchParams): string {
  const names = [...query.keys()].filter((name) => name !== 'x-id')
  if (key === '')
    return method === 'GET' && query.has('versions') ? 'ListObjectVersions' : `${method} of the bucket`
  const isPlain = names.every((name) => name === 'versionId')
  const operation = { GET: 'GetObject', PUT: 'PutObject', DELETE: 'DeleteObject' }[method]
  return isPlain && operation ? operation : `${method} ?${names.join('&')}`
}

/** What the bucket answers. */
function bucketOf({ bucketName, lock, nowMs = Date.now }: S3Options, versions: ObjectVersions) {
  return ({ operation, key, query, headers, body }: Call): Answer => {
    switch (operation) {
      case 'PutObject':
        return put(key, headers, body)
      case 'GetObject':
        return get(key, query.get('versionId'))
      case 'DeleteObject':
        return remove(key, query.get('versionId'), headers)
      case 'ListObjectVersions':
        return {
          status: 200,
          headers: { 'content-type': 'application/xml' },
          body: listVersionsXml(bucketName, versions, query),
        }
      default:
        throw new S3Error('NotImplemented', 501, `There is no stand-in for ${operation}`)
    }
  }

  function put(key: string, headers: IncomingHttpHeaders, body: Buffer): Answer {
    refuseWrongChecksum(headers, body)
    const ifNoneMatch = headers['if-none-match']
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
      throw new S3Error(
        'NotImplemented',
        501,
        'A header you provided implies functionality that is not implemented',
      )
    const [newest] = versions.of(key)
    if (ifNoneMatch === '*' && newest && !newest.isDeleteMarker)
      throw new S3Error(
        'PreconditionFailed',
        412,
        'At least one of the pre-conditions you specified did not hold',
      )
    const atMs = nowMs()
    const added = versions.add(key, body, {
      atMs,
      lock: { mode: lock.mode, untilMs: atMs + lock.days * DAY_MS },
    })
    return { status: 200, headers: { 'x-amz-version-id': added.versionId } }
  }

  function get(key: string, versionId: string | null): Answer {
    const found = versionOf(key, versionId)
    if (found === undefined || found.isDeleteMarker) {
      if (found && versionId !== null)
        throw new S3Error(
          'MethodNotAllowed',
          405,
          'The specified method is not allowed against this resource.',
        )
      throw new S3Error('NoSuchKey', 404, 'The specified key does not exist.')
    }
    return { status: 200, headers: { 'x-amz-version-id': found.versionId }, body: versions.bytesOf(found) }
  }

  /** Without a version nothing goes: the key gets a marker. With one it is removed, unless it is locked. */
  function remove(key: string, versionId: string | null, headers: IncomingHttpHeaders): Answer {
    if (versionId === null) {
      const marker = versions.add(key, undefined, { atMs: nowMs() })
      return { status: 204, headers: { 'x-amz-version-id': marker.versionId, 'x-amz-delete-marker': 'true' } }
    }
    const found = versionOf(key, versionId)
    if (found) {
      const mayBypass =
        headers['x-amz-bypass-governance-retention'] === 'true' && found.lock?.mode === 'GOVERNANCE'
      if (found.lock && found.lock.untilMs > nowMs() && !mayBypass)
        throw accessDenied('Access Denied because object protected by object lock.')
      versions.remove(found)
    }
    return { status: 204, headers: { 'x-amz-version-id': versionId } }
  }

  function versionOf(key: string, versionId: string | null): ObjectVersion | undefined {
    const all = versions.of(key)
    if (versionId === null) return all[0]
    const found = all.find((each) => each.versionId === versionId)
    if (found) return found
    throw new S3Error('NoSuchVersion', 404, 'The specified version does not exist.')
  }
}

/** A bucket with a default retention wants one with each put (User Guide, "Configuring S3 Object Lock"). */
function refuseWrongChecksum(headers: IncomingHttpHeaders, body: Buffer): void {
  const sha256 = headers['x-amz-checksum-sha256']
  const md5 = headers['content-md5']
  if (sha256 === undefined && md5 === undefined)
    throw new S3Error(
      'InvalidRequest',
      400,
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    )
  const isRight =
    (sha256 === undefined || sha256 === base64Sha256Of(body)) &&
    (md5 === undefined || md5 === createHash('md5').update(body).digest('base64'))
  if (!isRight)
    throw new S3Error('BadDigest', 400, 'The checksum you specified did not match the calculated checksum.')
}
