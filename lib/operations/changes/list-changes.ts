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
import { DAY_MS } from '../../utc-day.ts'
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

const DUE = /^(\d{1,3})([hdw])$/
const unitsMs: Readonly<Record<string, number>> = { h: DAY_MS / 24, d: DAY_MS, w: 7 * DAY_MS }
const due = z.optional(
  z.string().check(...checksOfPasted(DUE, 'must be so many hours, days or weeks, such as 24h, 7d or 4w')),
)

export const listChanges = defineOperation({
  id: 'listChanges',
  method: 'GET',
  path: '/v1/changes',
  summary: 'Changes on record, newest first',
  description:
    'By `state`, `actor`, `license`, `user`, `toggle` and `open=true` (what waits or is under way), and by when they were made: `from` and `to`, both inclusive. A change must fit all that is given; `user` with `license` is about that license for that user. `actor` is `kind:id`, or a person by the short name or the name in the org file. `due=7d` stands alone: what is applied and is taken back within so many hours, days or weeks (`24h`, `7d`, `4w`), the soonest first, and `revert.dueAt` says when. The entries lack `before`, `after`, `results` and `findings`; their `summary` says what they are about. A page may have fewer entries than `limit`, even none, and still a `next`. As a file it has all of them, with a row for each toggle or (license, user) of each change; where `license`, `user` or `toggle` is given, for that alone.',
  effect: 'record',
  role: 'viewer',
  params: {},
  query: { ...filters, due, from: z.optional(Instant), to: z.optional(Instant), ...paging },
  response: ChangeListing,
  files: {
    name: ({ query: { from, to } }) => ['changes', dayOf(from), dayOf(to)].filter(Boolean).join('-'),
    columns: changeColumns,
    pagedBy: pagingNames,
    loggedQuery: ['state', 'license', 'user', 'toggle', 'open', 'due', 'from', 'to'],
    rows: ({ records }, { query }) => records.changeRows(askedOf(query)),
  },
  permissions: noPermission,
  chat: ['changes', 'approvals'],
  run: ({ records }, { query: { limit, cursor, ...asked } }) =>
    records.changes({ ...askedOf(asked), limit, cursor }),
})

/** @throws GatewayError `bad.request` for what contradicts itself. */
function askedOf({ from, to, due: within, ...by }: By & Times & { readonly due?: string | undefined }) {
  // Of a file `by` has its own parameters besides.
  const isAlone = [from, to, ...filterNames.map((name) => by[name])].every((each) => each === undefined)
  const faults = [
    ...faultsOfFilters(by),
    ...faultsOfTimes(from, to),
    ...(within !== undefined && !isAlone
      ? [
          {
            fieldName: 'due',
            errorCode: 'CONTRADICTION',
            message: 'must stand alone, but for limit and cursor',
          },
        ]
      : []),
  ]
  if (faults.length > 0) {
    throw new GatewayError('bad.request', `${faults[0]?.fieldName}: ${faults[0]?.message}`, { faults })
  }
  return { filter: filterOf(by), from, to, dueWithinMs: within === undefined ? undefined : lengthMs(within) }
}

function lengthMs(text: string): number {
  const [, count, unit = ''] = DUE.exec(text) ?? []
  return Number(count) * (unitsMs[unit] ?? 0)
}

interface Times {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** The UTC day of a time, for a file's name. */
function dayOf(time: string | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 10)
}

const filterNames = [
  'state',
  'actor',
  'license',
  'user',
  'toggle',
  'open',
] as const satisfies (keyof typeof filters)[]

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
