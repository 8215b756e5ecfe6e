/** The client of SQS. */
import { SQSClient } from '@aws-sdk/client-sqs'
import { clientSettings, lightenClient } from '../aws/client-settings.ts'
import type { Transport } from '../transport/transport.ts'

/** One try, milliseconds; SQS answers in tens. */
const TIMEOUT_MS = 3_000

/**
 * @param region AWS region, e.g. `eu-west-1`.
 * @param endpoint only on the laptop: the stand-in's address.
 */
export function queueClient(transport: Transport, region: string, endpoint?: string): SQSClient {
  const service = 'SQS'
  return lightenClient(
    new SQSClient({
      ...clientSettings({ transport, region, endpoint, timeoutMs: TIMEOUT_MS, service }),
      // TLS guards the body on its way already.
      md5: false,
      useQueueUrlAsEndpoint: endpoint === undefined,
    }),
  )
}
