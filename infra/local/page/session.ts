/** What the page at the gateway's root is told. Types of lib/operation.ts would bring Node's with them into browser code. */

export interface Session {
  /** A bearer token of each role. */
  readonly tokens: { readonly viewer: string; readonly operator: string; readonly approver: string }
  /** Where a file for each role has its token as a header, for curl. */
  readonly directory: string
  /** ISO 8601, by the laptop's clock, which can be moved on. */
  readonly now: string
}

export type PageRole = keyof Session['tokens']

/** One of GET /__chat/members. */
export interface PageMember {
  readonly name: string
  readonly role?: PageRole
  readonly email?: string
}
