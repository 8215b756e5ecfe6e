/** A stand-in for AWS, reached as the functions reach it. */
import { onTestFinished } from 'vitest'
import { startAws } from '../../infra/local/aws/server.ts'

/** Noon, a Sunday; the stand-in's clock stands still. */
export const NOON_MS = Date.parse('2026-11-15T12:00:00Z')

export const REGION = 'us-east-1'

/** An address where nobody listens. */
export const NOWHERE = 'http://127.0.0.1:1'

export async function awsForTest(options: Parameters<typeof startAws>[0] = {}) {
  const aws = await startAws({ now: () => NOON_MS, ...options })
  onTestFinished(aws.close)
  return aws
}
