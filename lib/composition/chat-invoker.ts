/** Lambda's Invoke behind the port of Teams' webhook. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { clientSettings } from '../aws/client-settings.ts'
import { mayHaveArrived } from '../chat/webhook/may-have-arrived.ts'
import type { Invoke } from '../chat/webhook/teams.ts'
import { type Transport, TransportError } from '../genesys/transport.ts'

export interface InvokerOptions {
  readonly transport: Transport
  /** AWS region, e.g. `eu-west-1`. */
  readonly region: string
  /** Only on the laptop: the stand-in's address. */
  readonly endpoint: string | undefined
  /** Name or ARN. */
  readonly functionName: string
}

/** @returns an invoker that asks once: to ask again would run what was asked a second time. */
export function invoker({ transport, region, endpoint, functionName }: InvokerOptions): Invoke {
  return async (queued, waitMs) => {
    let isTimeUp = false
    // A connection of its own: on a kept one that is gone by now it would be unknown whether it began.
    const once: Transport = (request) =>
      transport({ ...request, timeoutMs: waitMs, freshConnection: true }).catch((error: unknown) => {
        isTimeUp = error instanceof TransportError && error.fault === 'timeout'
        throw error
      })
    const settings = clientSettings({
      transport: once,
      region,
      endpoint,
      timeoutMs: waitMs,
      service: 'Lambda',
    })
    const client = new LambdaClient({ ...settings, maxAttempts: 1 })
    try {
      const { FunctionError, Payload } = await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: 'RequestResponse',
          Payload: Buffer.from(JSON.stringify(queued)),
        }),
      )
      if (FunctionError !== undefined) {
        // What it threw is in its own log.
        return { kind: 'broken.off', error: new Error(`run-command failed: ${FunctionError}`) }
      }
      return { kind: 'ended', returned: JSON.parse(Buffer.from(Payload ?? []).toString('utf8')) }
    } catch (error) {
      // What Lambda answers with an error of its own did not begin; no answer, or half of one, says nothing.
      if (!mayHaveArrived(error)) return { kind: 'never.began', error }
      return isTimeUp ? { kind: 'late' } : { kind: 'broken.off', error }
    }
  }
}
