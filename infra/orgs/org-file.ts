/** The types of an org file and of its parts, as its rules (org-schema.ts) have them, with each member's words. */
import type { z } from 'zod'
import type { orgSchema } from './org-schema.ts'

/** An org file is written once and read by many. */
export type Frozen<T> = T extends object ? { readonly [Member in keyof T]: Frozen<T[Member]> } : T

export type OrgFile = Frozen<z.input<typeof orgSchema>>
export type IamAuth = Extract<OrgFile['auth'], { kind: 'iam' }>
export type JwtAuth = Extract<OrgFile['auth'], { kind: 'jwt' }>
export type PageSettings = NonNullable<OrgFile['page']>
export type Throttle = NonNullable<NonNullable<OrgFile['throttling']>['all']>
export type Tool = NonNullable<OrgFile['tools']>[string]
export type ApprovalRule = NonNullable<OrgFile['approvals']>[number]
export type Chat = NonNullable<OrgFile['chat']>
