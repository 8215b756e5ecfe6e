import type { Operation } from '../../../lib/operation.ts'
import { operations } from '../../../lib/operations/index.ts'

/** A request's route, and its path parameters as they stood in the URL. */
export interface Match {
  readonly operation: Operation
  readonly pathParameters: Readonly<Record<string, string>>
}

const routes = operations.map((operation) => ({ operation, parts: operation.path.split('/') }))

/**
 * Finds the route as API Gateway does: segment by segment on the raw path, letter case and slashes as they stand;
 * a `{name}` takes any one segment that is not empty.
 */
export function matchRoute(method: string, rawPath: string): Match | undefined {
  const segments = rawPath.split('/')
  for (const { operation, parts } of routes) {
    if (operation.method !== method || parts.length !== segments.length) continue
    const pathParameters: Record<string, string> = {}
    const isMatch = parts.every((part, index) => {
      const segment = segments[index] ?? ''
      const name = /^\{(.+)\}$/.exec(part)?.[1]
      if (name === undefined) return part === segment
      pathParameters[name] = segment
      return segment !== ''
    })
    if (isMatch) return { operation, pathParameters }
  }
  return undefined
}
