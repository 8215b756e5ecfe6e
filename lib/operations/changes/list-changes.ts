import * as z from 'zod/mini'
import { changeColumns } from '../../changes/answers/change-rows.ts'
import { ChangeListing } from '../../changes/answers/change-schemas.ts'
import { Instant } from '../../changes/model/change-order.ts'
import { type ChangeState, changeStates, openStates } from '../../changes/model/transitions.ts'
import type { ListFilter } from '../../changes/record/ledger.ts'
import { type FieldFault, GatewayError } from '../../errors.ts'
import { FeatureName, LicenseId, UserId } from '../../genesys/models/ids.ts'
import { defineOperation } from '../../operation.ts'
import { checksOfPasted } from '../../text.ts'
import { paging, pagingNames } from '../paging.ts'
import { noPermission } from '../permissions.ts'

const actorRule = 'must be 1 to 2048 characters: an ARN, a subject, or whatever id an actor has'

const filters = {
  state: z.optional(z.enum(changeStates, `must be one of ${changeStates.join(', ')}`)),
  actor: z.optional(z.string().check(...checksOfPasted(/^[^\p{Cc}]{1,2048}$/u, actorRule, 'name'))),
  license: z.optional(LicenseId),
  user: z.optional(UserId),
  toggle: z.optional(FeatureName),
  open: z.optional(z.literal('true', 'must be true, or left out')),
}

export const listChanges = defineOperation({
  id: 'listChanges',
  method: 'GET',
  path: '/v1/changes',
  summary: 'Changes on record, newest first',
  description:
    'By `state`, `actor`, `license`, `user`, `toggle` and `open=true` (what waits or is under way), and by when they were made: `from` and `to`, both inclusive. A change must fit all that is given; `user` with `license` is about that license for that user. `actor` is `kind:id`, or a person. The entries lack `before`, `after`, `results` and `findings`; their `summary` says what they are about. A page may have fewer entries than `limit`, even none, and still a `next`. As a file it has all of them, with a row for each toggle or (license, user) of each change; where `license`, `user` or `toggle` is given, for that alone.',
  effect: 'record',
  role: 'viewer',
  params: {},
  query: { ...filters, from: z.optional(Instant), to: z.optional(Instant), ...paging },
  response: ChangeListing,
  files: {
    name: ({ query: { from, to } }) => ['changes', dayOf(from), dayOf(to)].filter(Boolean).join('-'),
    columns: changeColumns,
    pagedBy: pagingNames,
    loggedQuery: ['state', 'license', 'user', 'toggle', 'open', 'from', 'to'],
    rows: ({ records }, { query }) => records.changeRows(askedOf(query)),
  },
  permissions: noPermission,
  chat: ['changes', 'approvals'],
  run: ({ records }, { query: { limit, cursor, ...asked } }) =>
    records.changes({ ...askedOf(asked), limit, cursor }),
})

/** @throws GatewayError `bad.request` for what contradicts itself. */
function askedOf({ from, to, ...by }: By & Times) {
  const faults = [...faultsOfFilters(by), ...faultsOfTimes(from, to)]
  if (faults.length > 0) {
    throw new GatewayError('bad.request', `${faults[0]?.fieldName}: ${faults[0]?.message}`, { faults })
  }
  return { filter: filterOf(by), from, to }
}

interface Times {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** The UTC day of a time, for a file's name. */
function dayOf(time: string | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 10)
}

type By = { readonly [K in keyof typeof filters]: z.output<(typeof filters)[K]> }

function filterOf({ state, actor, license, user, toggle, open }: By): ListFilter {
  const states = statesOf(state, open !== undefined)
  return { states, actor, licenseId: license, userId: user, featureName: toggle }
}

function statesOf(state: ChangeState | undefined, isOpen: boolean): readonly ChangeState[] | undefined {
  if (state !== undefined) return [state]
  return isOpen ? openStates : undefined
}

function faultsOfFilters({ state, license, user, toggle, open }: By): FieldFault[] {
  const fault = (fieldName: string, message: string) => ({ fieldName, errorCode: 'CONTRADICTION', message })
  return [
    ...(open !== undefined && state !== undefined && !openStates.includes(state)
      ? [fault('open', `must be left out with the state ${state}: no such change is open`)]
      : []),
    ...(toggle !== undefined && license !== undefined
      ? [fault('license', 'must be left out where toggle is given: no change is about both')]
      : []),
    ...(toggle !== undefined && user !== undefined
      ? [fault('user', 'must be left out where toggle is given: no change is about both')]
      : []),
  ]
}

function faultsOfTimes(from: string | undefined, to: string | undefined): FieldFault[] {
  if (from === undefined || to === undefined || Date.parse(from) <= Date.parse(to)) return []
  return [{ fieldName: 'to', errorCode: 'CONTRADICTION', message: 'must not be before from' }]
}
