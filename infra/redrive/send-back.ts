/** One event back to the function that gave it up, into Lambda's queue, which tries it as it did the first time. */
import { refusalOf } from '../../lib/aws/invoke-function.ts'
import { invokeRequest } from '../../lib/aws/sign-invoke.ts'
import { jsonOf } from '../../lib/json.ts'
import type { Transport } from '../../lib/transport/transport.ts'
import type { RedriveTarget } from './target.ts'

/** Lambda takes an event in tens of milliseconds. */
const TIMEOUT_MS = 10_000

/** What Lambda answers where its queue has it. */
const TAKEN = 202

/** @throws Error with a sentence where Lambda did not take it, or nobody knows whether it did. */
export async function sendBack(
  event: unknown,
  functionName: string,
  {
    region,
    endpoint,
    credentials,
    transport,
  }: Pick<RedriveTarget, 'region' | 'endpoint' | 'credentials'> & { readonly transport: Transport },
): Promise<void> {
  const invoked = { region, endpoint, functionName, isHandedOn: true }
  const request = await invokeRequest(invoked, JSON.stringify(event), { credentials, signedAt: new Date() })
  const { status, headers, body } = await transport({
    ...request,
    timeoutMs: TIMEOUT_MS,
    freshConnection: true,
  })
  if (status !== TAKEN) throw refusalOf(status, headers['x-amzn-errortype'], jsonOf(body) ?? {})
}
