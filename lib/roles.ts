/** What callers may be. Roles include each other: an approver may do all that an operator may, an operator all that a viewer may. */

/** From least to most; each includes those before it. */
export const roles = ['viewer', 'operator', 'approver'] as const

export type Role = (typeof roles)[number]

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}

/** Whether a caller of `held` may call what asks for `asked`. */
export function includesRole(held: Role, asked: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(asked)
}
