import type { Operation } from '../../../lib/operation.ts'

/**
 * Whether a request of this operation leaves everything as it is: a GET, or a POST that only asks. All others are
 * throttled as writes, and the authorizer is asked anew each time.
 */
export function isReading({ method, effect }: Pick<Operation, 'method' | 'effect'>): boolean {
  return method === 'GET' || effect === 'read' || effect === 'local'
}
