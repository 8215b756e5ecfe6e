/** Which role may call which route, and the method ARNs that say so. */
import type { Operation } from '../operation.ts'
import { includesRole, type Role } from '../roles.ts'

/** The operations a role may call. */
export function operationsOf(role: Role, operations: readonly Operation[]): Operation[] {
  return operations.filter((operation) => includesRole(role, operation.role))
}

/**
 * The part of an execute-api ARN behind the stage: method and path, `*` for each parameter and nothing else open.
 * IAM's `*` also matches `/`, so a test proves that no such pattern reaches a route of a higher role.
 */
export function methodPatternOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return `${method}${path.replaceAll(/\{[^}]+\}/g, '*')}`
}
