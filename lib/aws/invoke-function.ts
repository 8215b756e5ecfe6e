/** Lambda's Invoke behind the port of Teams' webhook. */

import { defaultProvider } from '@aws-sdk/credential-provider-node'
import * as z from 'zod/mini'
import type { Invocation, Invoke } from '../chat/teams/webhook.ts'
import { jsonOf } from '../json.ts'
import {
  mayHaveArrived,
  type Transport,
  TransportError,
  type TransportResponse,
} from '../transport/transport.ts'
import { type Invoked, invokeRequest, type SigningCredentials } from './sign-invoke.ts'

export interface InvokerOptions extends Invoked {
  readonly transport: Transport
  /** Default: from where the SDK's clients have theirs, which in a Lambda is the environment. */
  readonly credentials?: () => Promise<SigningCredentials>
}

/** Which of the two there is depends on who refuses: Lambda, or AWS's front end before it. */
const Refusal = z.object({ message: z.optional(z.string()), Message: z.optional(z.string()) })

/** @returns an invoker that asks once: to ask again would run what was asked a second time. */
export function invoker({ transport, credentials = defaultProvider(), ...invoked }: InvokerOptions): Invoke {
  return async (queued, waitMs) => {
    try {
      const signing = { credentials, signedAt: new Date() }
      const request = await invokeRequest(invoked, JSON.stringify(queued), signing)
      // A connection of its own: on a kept one that is gone by now it would be unknown whether it began.
      return endOf(await transport({ ...request, timeoutMs: waitMs, freshConnection: true }))
    } catch (cause) {
      if (cause instanceof TransportError && cause.fault === 'timeout' && cause.mayHaveArrived)
        return { kind: 'late' }
      const error = new Error(`invoking ${invoked.functionName} failed`, { cause })
      return { kind: mayHaveArrived(cause) ? 'broken.off' : 'never.began', error }
    }
  }
}

function endOf({ status, headers, body }: TransportResponse): Invocation {
  const answer = jsonOf(body)
  if (answer === undefined) {
    // What it is instead is not told: it may be a part of what run-command returned.
    return { kind: 'broken.off', error: new Error(`Lambda answered ${status} with a body that is not JSON`) }
  }
  // What Lambda answers with an error of its own did not begin.
  if (status >= 300)
    return { kind: 'never.began', error: refusalOf(status, headers['x-amzn-errortype'], answer) }
  const functionError = headers['x-amz-function-error']
  if (functionError !== undefined) {
    // What it threw is in its own log.
    return { kind: 'broken.off', error: new Error(`run-command failed: ${functionError}`) }
  }
  return { kind: 'ended', returned: answer }
}

/** What Lambda says where it does not take an invocation. @param type as AWS writes it: `Name`, `Name:http://…` or `namespace#Name`. */
export function refusalOf(status: number, type: unknown, answer: unknown): Error {
  const { data } = z.safeParse(Refusal, answer)
  const error = new Error(
    `Lambda answered ${status}: ${data?.message ?? data?.Message ?? 'it gave no reason'}`,
  )
  const [, name] = /^(?:[^:#]*#)?([^:#]+)/.exec(String(type ?? '')) ?? []
  return name === undefined ? error : Object.assign(error, { name })
}
