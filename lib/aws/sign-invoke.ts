/**
 * A request to Lambda's Invoke, signed (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). The SDK's client
 * for Lambda brings the shapes and errors of all its operations along: 88 kB of a bundle whose cold start Teams waits
 * for, where Invoke is a path, a header and a body that is sent as it is. What is the SDK's here, its other clients carry
 * anyway, as long as package.json names the versions that they take.
 */
import { partition, recursionDetectionMiddleware } from '@aws-sdk/core/client'
import { SignatureV4 } from '@smithy/signature-v4'
import type { TransportRequest } from '../transport/transport.ts'
import { Sha256 } from './node-hash.ts'

export interface SigningCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface Invoked {
  /** AWS region, e.g. `eu-west-1`. */
  readonly region: string
  /** Only on the laptop: the stand-in's address. */
  readonly endpoint: string | undefined
  /** Name or ARN. */
  readonly functionName: string
  /** Whether Lambda is to answer when it has taken the event, to run it by and by and try it again. Default: with the result. */
  readonly isHandedOn?: boolean
}

interface Signing {
  readonly credentials: () => Promise<SigningCredentials>
  /** AWS refuses what was signed more than 5 minutes from its own clock. */
  readonly signedAt: Date
}

/** The step of the SDK's clients that puts the trace among a request's headers, so that it goes on in what is invoked. */
const putTrace = recursionDetectionMiddleware()(async () => ({ response: undefined, output: undefined }), {})

/**
 * @param payload JSON.
 * @returns the request that runs a function. Each is for one try.
 */
export async function invokeRequest(
  { region, endpoint, functionName, isHandedOn = false }: Invoked,
  payload: string,
  { credentials, signedAt }: Signing,
): Promise<Omit<TransportRequest, 'timeoutMs'>> {
  const origin = endpoint ?? `https://lambda.${region}.${partition(region).dnsSuffix}`
  const { protocol, host, hostname } = new URL(origin)
  const request = {
    method: 'POST',
    protocol,
    hostname,
    // The signer encodes it once more, as AWS does with all paths but S3's.
    path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    query: {},
    headers: {
      host,
      'content-type': 'application/octet-stream',
      'x-amz-invocation-type': isHandedOn ? 'Event' : 'RequestResponse',
    },
    body: payload,
  } as const
  await putTrace({ input: undefined, request })
  const signer = new SignatureV4({ service: 'lambda', region, credentials, sha256: Sha256 })
  const { headers } = await signer.sign(request, { signingDate: signedAt })
  return { method: request.method, origin, path: request.path, headers, body: payload }
}
