/** Depth to which causes are followed; deeper ones say nothing new. */
const MAX_CAUSES = 5

/** Characters kept of one message and one stack. */
const MAX_TEXT = 2_000

/** An error and its causes for the log: names, messages and the first stack, nothing else an error may carry. */
export function describeError(error: unknown, depth = 0): Readonly<Record<string, unknown>> | undefined {
  if (error === undefined || depth > MAX_CAUSES) return undefined
  if (!(error instanceof Error)) return { message: `thrown value of type ${typeof error}` }
  return {
    name: error.name,
    message: error.message.slice(0, MAX_TEXT),
    code: 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    stack: depth === 0 ? error.stack?.slice(0, MAX_TEXT) : undefined,
    cause: describeError(error.cause, depth + 1),
  }
}
