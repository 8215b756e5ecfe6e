import * as z from 'zod/mini'
import type { LaptopClock } from '../clock.ts'
import { type Action, action } from './action.ts'
import { notFound } from './aws-error.ts'
import type { Deliveries } from './events/deliveries.ts'

/** A function by its name: its payload in, its result out. It fails by rejecting. */
export type LocalFunctions = Readonly<Record<string, (payload: unknown) => Promise<unknown>>>

const Invoke = z.object({
  functionName: z.string(),
  payload: z.unknown(),
  type: z._default(z.enum(['RequestResponse', 'Event']), 'RequestResponse'),
})

const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/

/** @returns the name of the function that a request invokes; undefined where it is none of Lambda's. */
export function invocationOf(method: string, path: string): string | undefined {
  const [, name] = (method === 'POST' && INVOCATION.exec(path)) || []
  return name === undefined ? undefined : decodeURIComponent(name)
}

/** A function that threw, as Lambda answers it: with 200, and a header that says so. */
export class FunctionFailure {
  readonly headers = { 'x-amz-function-error': 'Unhandled' }
  readonly payload: { readonly errorType: string; readonly errorMessage: string }

  constructor(error: unknown) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    this.payload = { errorType: name, errorMessage: message }
  }
}

/** What Lambda answers where it has only taken an event to run it by and by. */
export class TakenEvent {
  readonly status = 202
}

/** Lambda's Invoke: the kind that waits for the result, and the kind that hands on to its queue. */
export function createLambda(functions: LocalFunctions, deliveries: Deliveries, clock: LaptopClock) {
  const running = new Set<Promise<unknown>>()
  const actions: Readonly<Record<string, Action>> = {
    Invoke: action(Invoke, async ({ functionName, payload, type }) => {
      const run = Object.hasOwn(functions, functionName) ? functions[functionName] : undefined
      if (!run) throw notFound(`Function not found: ${functionName}`, 404)
      if (type === 'Event') {
        const sinceMs = clock.now()
        const delivery = { from: 'function', name: functionName, functionName, event: payload } as const
        // The answer goes out first.
        setImmediate(() => void deliveries.start({ ...delivery, sinceMs, target: run }))
        return new TakenEvent()
      }
      try {
        return (await tracked(run(payload))) ?? null
      } catch (error) {
        return new FunctionFailure(error)
      }
    }),
  }

  async function tracked(run: Promise<unknown>): Promise<unknown> {
    running.add(run)
    try {
      return await run
    } finally {
      running.delete(run)
    }
  }
  return {
    actions,
    /** Resolves when no function runs. */
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
