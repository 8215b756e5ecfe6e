import * as z from 'zod/mini'
import { type Action, action } from './action.ts'
import { notFound } from './aws-error.ts'

/** A function by its name: its payload in, its result out. It fails by rejecting. */
export type LocalFunctions = Readonly<Record<string, (payload: unknown) => Promise<unknown>>>

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

/** Lambda's Invoke, the kind that waits for the result. */
export function createLambda(functions: LocalFunctions) {
  const running = new Set<Promise<unknown>>()
  const actions: Readonly<Record<string, Action>> = {
    Invoke: action(z.object({ functionName: z.string(), payload: z.unknown() }), async (input) => {
      const { functionName, payload } = input
      const run = Object.hasOwn(functions, functionName) ? functions[functionName] : undefined
      if (!run) throw notFound(`Function not found: ${functionName}`, 404)
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
