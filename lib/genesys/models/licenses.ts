/**
 * Genesys's models, as its contract (SDK 262, August 2026) has them. Upstream documents every field but the
 * assignment request's as optional, so they are read tolerantly: a missing or null field is served as it came,
 * unknown fields pass through; only an entity without its id is refused.
 */
import * as z from 'zod/mini'
import { LicenseId, UserId } from './ids.ts'
import { models } from './model-registry.ts'

const maybe = <S extends z.core.$ZodType>(schema: S) => z.optional(z.nullable(schema))
const selfUri = maybe(z.string())

const AddressableLicenseDefinition = z
  .looseObject({ id: z.string(), selfUri })
  .register(models, { id: 'AddressableLicenseDefinition' })

/** A license the organisation can hold. Genesys gives it no name. */
export interface LicenseDefinition {
  id: string
  description?: string | null | undefined
  permissions?: { ids?: string[] | null | undefined } | null | undefined
  prerequisites?: { id: string; selfUri?: string | null | undefined }[] | null | undefined
  comprises?: LicenseDefinition[] | null | undefined
  selfUri?: string | null | undefined
}

export const LicenseDefinition: z.ZodMiniType<LicenseDefinition, LicenseDefinition> = z
  .looseObject({
    id: z.string(),
    description: maybe(z.string()),
    permissions: maybe(z.looseObject({ ids: maybe(z.array(z.string())) })),
    prerequisites: maybe(z.array(AddressableLicenseDefinition)),
    get comprises() {
      return maybe(z.array(LicenseDefinition))
    },
    selfUri,
  })
  .register(models, { id: 'LicenseDefinition' })

/** One user's licenses in full definitions. */
export const LicenseUser = z
  .looseObject({ id: z.string(), licenses: maybe(z.array(LicenseDefinition)), selfUri })
  .register(models, { id: 'LicenseUser' })
export type LicenseUser = z.output<typeof LicenseUser>

/** One user's licenses as id strings. */
export const UserLicenses = z
  .looseObject({ id: z.string(), licenses: maybe(z.array(z.string())), selfUri })
  .register(models, { id: 'UserLicenses' })
export type UserLicenses = z.output<typeof UserLicenses>

/** One page of users; it has no nextUri, so callers page by `pageCount`. */
export const UserLicensesEntityListing = z
  .looseObject({
    entities: maybe(z.array(UserLicenses)),
    pageSize: maybe(z.int()),
    pageNumber: maybe(z.int()),
    total: maybe(z.int()),
    pageCount: maybe(z.int()),
  })
  .register(models, { id: 'UserLicensesEntityListing' })
export type UserLicensesEntityListing = z.output<typeof UserLicensesEntityListing>

/**
 * Licenses by user id. Upstream documents each value as an object and no more, so three shapes are accepted:
 * a UserLicenses, a LicenseUser, or a bare array of license ids.
 */
export const LicensesByUser = z.record(z.string(), z.union([UserLicenses, LicenseUser, z.array(z.string())]))
export type LicensesByUser = z.output<typeof LicensesByUser>

/** A license toggle. */
export const LicenseOrgToggle = z
  .looseObject({ featureName: z.string(), enabled: z.boolean() })
  .register(models, { id: 'LicenseOrgToggle' })
export type LicenseOrgToggle = z.output<typeof LicenseOrgToggle>

/** Who holds what in the whole organisation, by license id. */
export const LicenseOrganization = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    licenses: z.record(z.string(), z.array(z.looseObject({ id: z.string(), selfUri }))),
    selfUri,
  })
  .register(models, { id: 'LicenseOrganization' })
export type LicenseOrganization = z.output<typeof LicenseOrganization>

/**
 * What became of one (user, license) pair. Upstream's `result` is free text with no documented values; the gateway puts
 * `NOT_APPLIED: ` or `UNKNOWN: ` before it where reading back did not show the pair as desired.
 */
export const LicenseUpdateStatus = z.looseObject({
  userId: maybe(z.string()),
  licenseId: maybe(z.string()),
  result: maybe(z.string()),
})
export type LicenseUpdateStatus = z.output<typeof LicenseUpdateStatus>
export const LicenseUpdateStatuses = z.array(LicenseUpdateStatus)

/** A list of license ids, as the infer operations answer. */
export const LicenseIds = z.array(z.string())

/** One license, who gets it and who loses it. All three fields are required, as in Genesys's contract. */
export const LicenseAssignmentRequest = z
  .strictObject({ licenseId: LicenseId, userIdsAdd: z.array(UserId), userIdsRemove: z.array(UserId) })
  .register(models, { id: 'LicenseAssignmentRequest' })

/** A batch of license assignments; `ValidBatch` (assignments.ts) says which can be carried out. */
export interface LicenseBatchAssignmentRequest {
  assignments: z.output<typeof LicenseAssignmentRequest>[]
}
