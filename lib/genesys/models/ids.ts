/** The grammars of everything that goes into an upstream URL, checked before one is built. */
import * as z from 'zod/mini'
import { checksOfPasted } from '../../text.ts'
import { models } from './model-registry.ts'

/** Largest number of ids one POST users or infer request takes: our choice, upstream documents no limit. */
export const MAX_IDS = 500

/** Largest page upstream is known to serve: what public code asks for, upstream documents no limit. */
export const MAX_PAGE_SIZE = 100

const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/
/** Whether it has the form of the ids that Genesys gives its users and roles. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/

/** A Genesys user id: a UUID of any version (the nil UUID too), lower-cased so that one user has one spelling. */
export const UserId = z
  .string()
  .check(...checksOfPasted(UUID, 'must be a UUID'), z.toLowerCase())
  .register(models, { id: 'UserId' })

/** Largest number of ids in a query string: with a token of some kilobytes, API Gateway takes 10,240 bytes of both. */
const MAX_LISTED_IDS = 100

/** User ids in a query string, with a comma between each, lower-cased. */
export const UserIdList = z
  .string()
  .check(
    ...checksOfPasted(
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){0,99}$/i,
      `must be 1 to ${MAX_LISTED_IDS} UUIDs with a comma between each, and no blank`,
    ),
    z.toLowerCase(),
  )

const nameRule = 'must be 1 to 128 of A-Z a-z 0-9 _ . : - and begin with a letter or digit'

/** A license id such as `cloudCX3`. */
export const LicenseId = z
  .string()
  .check(...checksOfPasted(NAME, nameRule))
  .register(models, { id: 'LicenseId' })

/** A license toggle's feature name. */
export const FeatureName = z
  .string()
  .check(...checksOfPasted(NAME, nameRule))
  .register(models, { id: 'FeatureName' })

/** A Genesys role id: UUIDs today, but upstream documents only a string, so the name grammar applies. */
export const RoleId = z
  .string()
  .check(...checksOfPasted(NAME, nameRule))
  .register(models, { id: 'RoleId' })

/** A permission as `domain:entity:action`; `*` stands for any entity or action. */
export const PermissionId = z
  .string()
  .check(...checksOfPasted(/^[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_*-]{1,64}){2}$/, 'must be domain:entity:action'))
  .register(models, { id: 'PermissionId' })

/** A whole number in the query string, strictly in decimal digits: `1e2`, `0x10`, `+5`, ` 25` and `2.0` are refused. */
export function integerQuery(min: number, max: number, fallback: number) {
  const rule = `must be a whole number from ${min} to ${max}`
  return z._default(
    z.codec(
      z.string().check(z.regex(/^(0|[1-9]\d{0,9})$/, rule)),
      z.int(rule).check(z.gte(min, rule), z.lte(max, rule)),
      { decode: Number, encode: String },
    ),
    fallback,
  )
}
