import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'

/** The functions' timeout in the stack. Milliseconds. */
const FUNCTION_TIMEOUT_MS = 28_000
/** That of functions that stream. Milliseconds. */
export const STREAM_TIMEOUT_MS = 120_000
/** That of the function that reads the whole org. Milliseconds. */
export const READING_TIMEOUT_MS = 15 * 60_000

/** What Lambda gives a function besides its event; its time runs from now. */
export function lambdaContext(functionName: string, timeoutMs = FUNCTION_TIMEOUT_MS): Context {
  const startedMs = performance.now()
  const deprecated = () => {
    throw new Error('the callback style of Lambda is not used')
  }
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: '256',
    logGroupName: functionName,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => timeoutMs - (performance.now() - startedMs),
    done: deprecated,
    fail: deprecated,
    succeed: deprecated,
  }
}
