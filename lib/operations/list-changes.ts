import * as z from 'zod/mini'
import { changeStates } from '../changes/change.ts'
import type { ListFilter } from '../changes/ledger.ts'
import { ChangeListing, Instant } from '../changes/models.ts'
import { type FieldFault, GatewayError } from '../errors.ts'
import { FeatureName, LicenseId, UserId } from '../license/ids.ts'
import { defineOperation } from '../operation.ts'
import { pageOf, paging } from './paging.ts'
import { noPermission } from './permissions.ts'

const actorRule = 'must be 1 to 2048 characters: an ARN, a subject, or whatever id an actor has'

const filters = {
  state: z.optional(z.enum(changeStates, `must be one of ${changeStates.join(', ')}`)),
  actor: z.optional(z.string().check(z.regex(/^[^\p{Cc}]{1,2048}$/u, actorRule))),
  license: z.optional(LicenseId),
  user: z.optional(UserId),
  toggle: z.optional(FeatureName),
}

export const listChanges = defineOperation({
  id: 'listChanges',
  method: 'GET',
  path: '/v1/changes',
  summary: 'Changes on record, newest first',
  description:
    'By at most one of `state`, `actor`, `license`, `user` and `toggle`, and by when they were made: `from` and `to`, both inclusive. The entries lack `before`, `after`, `results` and `findings`.',
  effect: 'record',
  role: 'viewer',
  params: {},
  query: { ...filters, from: z.optional(Instant), to: z.optional(Instant), ...paging },
  response: ChangeListing,
  permissions: noPermission,
  chat: ['changes'],
  run({ records }, { query: { from, to, limit, cursor, ...by } }) {
    const faults = [...faultsOfFilters(by), ...faultsOfTimes(from, to)]
    if (faults.length > 0) {
      throw new GatewayError('bad.request', `${faults[0]?.fieldName}: ${faults[0]?.message}`, { faults })
    }
    return records.changes({
      filter: filterOf(by),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...pageOf({ limit, cursor }),
    })
  },
})

type By = { readonly [K in keyof typeof filters]: z.output<(typeof filters)[K]> }

function filterOf({ state, actor, license, user, toggle }: By): ListFilter {
  if (state !== undefined) return { by: 'state', state }
  if (actor !== undefined) return { by: 'actor', actor }
  if (license !== undefined) return { by: 'license', licenseId: license }
  if (user !== undefined) return { by: 'user', userId: user }
  return toggle === undefined ? { by: 'all' } : { by: 'toggle', featureName: toggle }
}

function faultsOfFilters(by: By): FieldFault[] {
  const [first, ...more] = Object.entries(by)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name)
  return more.map((fieldName) => ({
    fieldName,
    errorCode: 'CONTRADICTION',
    message: `A list has one filter at a time, and ${first} is given already`,
  }))
}

function faultsOfTimes(from: string | undefined, to: string | undefined): FieldFault[] {
  if (from === undefined || to === undefined || Date.parse(from) <= Date.parse(to)) return []
  return [{ fieldName: 'to', errorCode: 'CONTRADICTION', message: 'must not be before from' }]
}
