/** Whose dead letters: those of a running local gateway, or of an org's stack in AWS. */
import { resolve } from 'node:path'
import { SQSClient } from '@aws-sdk/client-sqs'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import * as z from 'zod/mini'
import type { SigningCredentials } from '../../lib/aws/sign-invoke.ts'
import { systemClock } from '../../lib/clock.ts'
import { stackNameOf } from '../constructs/names.ts'
import { awsRegionOf } from '../credentials/aws-region.ts'
import { bearerOf } from '../local/aws/access-key.ts'
import { QUEUE_NAME } from '../local/aws/events/queue.ts'
import { LIST_LETTERS_NAME } from '../local/aws/events/turns.ts'
import { LOCAL_ORG } from '../local/environment.ts'
import { type RunFile, readRunFile } from '../local/run-file.ts'
import { UsageError } from '../local/usage.ts'

export interface RedriveTarget {
  readonly client: SQSClient
  /** What the names of its queues of dead letters begin with: of events and the like, and of turns of lists. */
  readonly queuePrefixes: readonly string[]
  readonly region: string
  /** Of Lambda; AWS's own where undefined. */
  readonly endpoint: string | undefined
  readonly credentials: () => Promise<SigningCredentials>
  /** Epoch milliseconds, by the clock that its functions go by. */
  readonly nowMs: () => Promise<number>
  /** Whether a function is one of the gateway's, by the name that the message gave; `carriedOutBy` is its file's. */
  readonly isOurs: (functionName: string, carriedOutBy: string) => boolean
}

/** Of a stack's name, what CloudFormation keeps of it in the name of a function, however long the rest. Characters. */
const KEPT_OF_STACK_NAME = 20

/**
 * @param name an org file's, or `local`.
 * @param directory where the local gateway keeps its state; only for `local`.
 * @throws UsageError where no org file has that name.
 * @throws Error with a sentence where no local gateway runs, or an org file is wrong.
 */
export async function targetOf(name: string, directory: string): Promise<RedriveTarget> {
  if (name === LOCAL_ORG) {
    const run = readRunFile(resolve(directory))
    const { aws: endpoint, key } = run
    const region = 'us-east-1'
    return {
      client: new SQSClient({ region, endpoint, credentials: key, useQueueUrlAsEndpoint: false }),
      queuePrefixes: [QUEUE_NAME, LIST_LETTERS_NAME],
      region,
      endpoint,
      credentials: async () => key,
      nowMs: () => localTimeMs(run),
      isOurs: (functionName, carriedOutBy) => functionName === carriedOutBy,
    }
  }
  // A wrong org file throws as it is loaded, which must not stop the local gateway's.
  const { orgs } = await import('../orgs/index.ts')
  const org = orgs.find((each) => each.name === name)
  if (!org) {
    const known = [...orgs.map((each) => each.name), LOCAL_ORG].join(', ')
    throw new UsageError(`There is no org named '${name}' in infra/orgs; known are ${known}`)
  }
  // Credentials, and the region where the org file leaves it open, are found as every AWS tool finds them.
  const client = new SQSClient(org.aws ? { region: org.aws.region } : {})
  const stackName = stackNameOf(org)
  return {
    client,
    queuePrefixes: [`${stackName}-DeadLetters`, `${stackName}-ListsDeadLetters`],
    region: await awsRegionOf(client, name),
    endpoint: undefined,
    credentials: defaultProvider(),
    nowMs: async () => systemClock.nowMs(),
    isOurs: (functionName) => functionName.startsWith(stackName.slice(0, KEPT_OF_STACK_NAME)),
  }
}

/** The laptop's clock may have been moved on. */
async function localTimeMs({ aws, key }: Pick<RunFile, 'aws' | 'key'>): Promise<number> {
  const answer = await fetch(`${aws}/__aws/clock`, { headers: { authorization: bearerOf(key) } })
  return Date.parse(z.parse(z.object({ now: z.string() }), await answer.json()).now)
}
