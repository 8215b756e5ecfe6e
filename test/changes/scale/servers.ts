/** The embedded org, AWS and the ledger in a thread of their own, so that what they keep is not counted as a function's memory. */
import { once } from 'node:events'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { createTable, startDynamo } from '../../../infra/local/aws/dynamo/dynamo.ts'
import { startAws } from '../../../infra/local/aws/server.ts'
import { type OrgOptions, startOrg } from '../../../infra/local/org/server.ts'
import type { SecretNames } from '../../../lib/credentials/secret-names.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { createSecrets, grantedSecret } from '../../support/secrets.ts'
import { readerOf, type SharedTime } from './moved-clock.ts'

const TABLE = 'ledger'

interface Order {
  readonly time: SharedTime
  readonly org: OrgOptions
}

export interface Serving {
  readonly org: string
  readonly aws: string
  /** DynamoDB's place, and the ledger's table there. */
  readonly ledger: string
  readonly table: string
  /** ARNs of the secrets, those of tokens with one. */
  readonly secrets: SecretNames
}

export interface Servers extends Serving {
  readonly stop: () => Promise<void>
}

export async function startServers(order: Order): Promise<Servers> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { serve: order } })
  const failed = once(worker, 'error').then(([error]) => {
    throw error
  })
  const [serving] = await Promise.race([once(worker, 'message') as Promise<[Serving]>, failed])
  failed.catch(() => {})
  return { ...serving, stop: async () => void (await worker.terminate()) }
}

async function serve({ time, org: options }: Order): Promise<Serving> {
  const now = readerOf(time)
  const [org, aws, dynamo] = await Promise.all([
    startOrg({ ...options, now }),
    startAws({ now, busName: 'scale' }),
    startDynamo({ nowMs: now }),
  ])
  await createTable(dynamo.url, TABLE)
  const secrets = createSecrets(aws, org, true)
  const clock = { ...fakeClock(), nowMs: now }
  aws.putSecret(secrets.readToken, await grantedSecret(org, org.clients.reader, clock))
  aws.putSecret(secrets.writeToken, await grantedSecret(org, org.clients.writer, clock))
  return { org: org.url, aws: aws.url, ledger: dynamo.url, table: TABLE, secrets }
}

const { serve: order }: { serve?: Order } = workerData ?? {}
if (order && parentPort) parentPort.postMessage(await serve(order))
