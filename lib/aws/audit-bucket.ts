/**
 * S3's PutObject behind the port of the audit's bucket (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html).
 * As with Invoke (`sign-invoke.ts`), the SDK's client brings the shapes and errors of a hundred operations along, 180 kB of
 * a bundle, where this one is a path, a few headers and bytes that are sent as they are.
 *
 * `If-None-Match: *` tells what is there already, and takes no right to read; `If-Match`, which would tell whether that is
 * the same, does (User Guide, "How to prevent object overwrites with conditional writes"). The SHA-256 is signed for, and S3 refuses bytes of another; Object Lock asks for a checksum.
 */
import { partition } from '@aws-sdk/core/client'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { SignatureV4 } from '@smithy/signature-v4'
import type { AuditBucket, AuditFile, PutResult } from '../audit/audit-port.ts'
import type { Clock } from '../clock.ts'
import { type Transport, TransportError, type TransportResponse } from '../transport/transport.ts'
import { Sha256 } from './node-hash.ts'
import type { SigningCredentials } from './sign-invoke.ts'

export interface AuditBucketOptions {
  readonly transport: Transport
  readonly clock: Pick<Clock, 'nowMs' | 'sleep' | 'random'>
  /** AWS region, e.g. `eu-west-1`. */
  readonly region: string
  /** Only on the laptop: the stand-in's address. */
  readonly endpoint: string | undefined
  readonly bucketName: string
  /** Default: from where the SDK's clients have theirs, which in a Lambda is the environment. */
  readonly credentials?: () => Promise<SigningCredentials>
}

/** One try, milliseconds: a day of a hundred thousand differences is some 20 MB. */
const TIMEOUT_MS = 20_000

/** Tries, the first included. What still fails then is tried again by the next run. */
const MAX_TRIES = 4

/** The longest wait before the second try, milliseconds; it doubles with each. */
const FIRST_WAIT_MS = 200

/** S3's answers that a later try may do better than, beside 5xx (User Guide, "Error responses", "Conditional writes"). */
const passing: readonly number[] = [408, 409, 429]

export function auditBucket(options: AuditBucketOptions): AuditBucket {
  const { transport, clock, credentials = defaultProvider() } = options

  async function tryPut(
    { key, sha256 }: AuditFile,
    bytes: Uint8Array,
    condition: Readonly<Record<string, string>>,
  ): Promise<TransportResponse> {
    const { origin, path } = addressOf(options, key)
    const { protocol, host, hostname } = new URL(origin)
    const request = {
      method: 'PUT',
      protocol,
      hostname,
      path,
      query: {},
      headers: {
        host,
        'content-type': 'application/x-ndjson',
        'content-length': String(bytes.length),
        ...condition,
        'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
        'x-amz-content-sha256': sha256,
      },
      body: bytes,
    } as const
    // S3's path is not encoded once more, as all others are.
    const signer = new SignatureV4({
      service: 's3',
      region: options.region,
      credentials,
      sha256: Sha256,
      uriEscapePath: false,
    })
    const { headers } = await signer.sign(request, { signingDate: new Date(clock.nowMs()) })
    return await transport({ method: 'PUT', origin, path, headers, body: bytes, timeoutMs: TIMEOUT_MS })
  }

  async function put(
    file: AuditFile,
    bytes: Uint8Array,
    condition: Readonly<Record<string, string>>,
  ): Promise<PutResult> {
    let isAnyLost = false
    for (let tries = 1; ; tries++) {
      const answer = await tryPut(file, bytes, condition).catch(failureOf)
      if (!(answer instanceof TransportError)) {
        if (answer.status < 300) return 'put'
        if (answer.status === 412) return isAnyLost ? 'repeated' : 'there'
      }
      if (tries === MAX_TRIES || !isPassing(answer)) throw putError(file.key, answer, isAnyLost)
      isAnyLost ||= answer instanceof TransportError || answer.status >= 500
      await clock.sleep(clock.random() * FIRST_WAIT_MS * 2 ** (tries - 1))
    }
  }

  return {
    put: async (file, bytes) => await put(file, bytes, { 'if-none-match': '*' }),
    async putBeside(file, bytes) {
      await put(file, bytes, {})
    },
  }
}

/** A bucket's own host on AWS, a path on the laptop, whose stand-in has one host. Keys of the audit need no encoding. */
function addressOf({ endpoint, region, bucketName }: AuditBucketOptions, key: string) {
  if (endpoint !== undefined) return { origin: endpoint, path: `/${bucketName}/${key}` }
  return { origin: `https://${bucketName}.s3.${region}.${partition(region).dnsSuffix}`, path: `/${key}` }
}

function failureOf(error: unknown): TransportError {
  if (error instanceof TransportError) return error
  throw error
}

function isPassing(answer: TransportResponse | TransportError): boolean {
  return answer instanceof TransportError || answer.status >= 500 || passing.includes(answer.status)
}

/** The SDK's errors say with `$fault` whose it is, which tells what is worth another run. @param isAnyLost a try before may have been taken. */
function putError(key: string, answer: TransportResponse | TransportError, isAnyLost: boolean): Error {
  if (answer instanceof TransportError) {
    return new Error(`S3 did not take ${key}: ${answer.message}`, { cause: answer })
  }
  const [, code = `status ${answer.status}`] =
    /<Code>([A-Za-z]{1,64})<\/Code>/.exec(answer.body.toString('utf8')) ?? []
  const message = `S3 did not take ${key}: it answered ${answer.status} ${code}`
  const $fault = isPassing(answer) ? 'server' : 'client'
  const isRefused = $fault === 'client' && !isAnyLost
  return Object.assign(new Error(message), { name: code, $fault, isRefused })
}
