/** Which role may call which route, and the method ARNs that say so. */
import type { Operation, Role } from '../operation.ts'

/** From least to most; each includes those before it. */
export const roles: readonly Role[] = ['viewer', 'operator', 'approver']

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}

/** Whether a caller of `held` may call what asks for `asked`. */
export function includesRole(held: Role, asked: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(asked)
}

/** The operations a role may call. */
export function operationsOf(role: Role, operations: readonly Operation[]): Operation[] {
  return operations.filter((operation) => includesRole(role, operation.role))
}

/**
 * The part of an execute-api ARN behind the stage: method and path, `*` for each parameter and nothing else open.
 * IAM's `*` also matches `/`, so a test proves that no such pattern reaches a route of a higher role.
 */
export function methodPattern({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return `${method}${path.replaceAll(/\{[^}]+\}/g, '*')}`
}
