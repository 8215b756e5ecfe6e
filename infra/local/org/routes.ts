import * as z from 'zod/mini'
import { Assignments, applyAssignments } from './assignments.ts'
import { CONTRACTS_PERMISSION, getContract, getPeriod, listContracts } from './billing/contracts.ts'
import { reportUsage, USAGE_PERMISSIONS } from './billing/usage.ts'
import type { OrgCall, OrgOutcome } from './call.ts'
import { definitionOf, listedDefinitions } from './definitions.ts'
import { inferFromPermissions, inferFromRoles } from './infer.ts'
import { asksForDeleted, listDirectory, SearchRequest, searchDirectory } from './people/directory.ts'
import { listUsers, userLicenses, userUri } from './people/users.ts'
import { invalidValue, notFound } from './refusals.ts'

/** One operation of the API; `*` in a path stands for one segment. No permissions: any valid token will do. */
export interface Route {
  readonly method: string
  readonly path: string
  readonly anyOf: readonly string[]
  readonly handle: (call: OrgCall) => OrgOutcome
}

const Ids = z.nullable(z.array(z.string()))
const Batch = z.nullable(Assignments)

const found = (value: unknown): OrgOutcome => (value === undefined ? { refusal: notFound } : { value })

/** Parses the body; the first offending field is the one that the refusal names. */
function withBody<S extends z.ZodMiniType>(
  schema: S,
  then: (body: z.output<S>, call: OrgCall) => unknown,
): Route['handle'] {
  return (call) => {
    const { success, data, error } = schema.safeParse(call.body)
    if (success) return { value: then(data, call) }
    return { refusal: invalidValue(error.issues[0]?.path.join('.') || 'body') }
  }
}

const toggle =
  (enabledOf: (call: OrgCall, name: string) => boolean | undefined): Route['handle'] =>
  (call) => {
    const featureName = call.params[0] ?? ''
    const enabled = enabledOf(call, featureName)
    return found(enabled === undefined ? undefined : { featureName, enabled })
  }

const viewers = ['authorization:grant:add', 'authorization:license:view']
const granters = ['authorization:grant:add']

function getUser({ truth, view, params: [userId = ''] }: OrgCall): OrgOutcome {
  const index = truth.indexOf(userId)
  if (index === undefined) return { refusal: notFound }
  const licenses = view.licensesOf(index).map(definitionOf)
  return { value: { id: userId, licenses, selfUri: userUri(userId) } }
}

/** The eleven license operations, GET organization being one that upstream has removed, two of the directory, and what billing tells. */
export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v2/license/definitions',
    anyOf: viewers,
    handle: () => ({ value: listedDefinitions }),
  },
  {
    method: 'GET',
    path: '/api/v2/license/definitions/*',
    anyOf: viewers,
    handle: ({ params }) => found(definitionOf(params[0] ?? '')),
  },
  {
    method: 'GET',
    path: '/api/v2/license/organization',
    anyOf: [],
    handle: () => ({ refusal: notFound }),
  },
  {
    method: 'POST',
    path: '/api/v2/license/organization',
    anyOf: granters,
    handle: withBody(Batch, (batch, { truth }) => applyAssignments(truth, batch?.assignments ?? [])),
  },
  {
    method: 'GET',
    path: '/api/v2/license/toggles/*',
    anyOf: [],
    handle: toggle(({ view }, name) => view.toggle(name)),
  },
  {
    method: 'POST',
    path: '/api/v2/license/toggles/*',
    anyOf: [],
    handle: toggle(({ truth }, name) => truth.press(name)),
  },
  { method: 'GET', path: '/api/v2/license/users/*', anyOf: viewers, handle: getUser },
  { method: 'GET', path: '/api/v2/license/users', anyOf: [], handle: listUsers },
  {
    method: 'POST',
    path: '/api/v2/license/users',
    anyOf: viewers,
    handle: withBody(Ids, (ids, call) => userLicenses(ids ?? [], call)),
  },
  {
    method: 'POST',
    path: '/api/v2/license/infer',
    anyOf: [],
    handle: withBody(Ids, (ids) => inferFromRoles(ids ?? [])),
  },
  {
    method: 'POST',
    path: '/api/v2/license/infer/permissions',
    anyOf: viewers,
    handle: withBody(Ids, (ids) => inferFromPermissions(ids ?? [])),
  },
  { method: 'GET', path: '/api/v2/users', anyOf: [], handle: listDirectory },
  {
    method: 'POST',
    path: '/api/v2/users/search',
    anyOf: ['directory:user:view'],
    handle: (call) =>
      asksForDeleted(call) && !call.searchesDeleted
        ? { refusal: invalidValue('query.values') }
        : withBody(SearchRequest, searchDirectory)(call),
  },
  {
    method: 'GET',
    path: '/api/v2/billing/contracts',
    anyOf: [CONTRACTS_PERMISSION],
    handle: listContracts,
  },
  {
    method: 'GET',
    path: '/api/v2/billing/contracts/*',
    anyOf: [CONTRACTS_PERMISSION],
    handle: getContract,
  },
  {
    method: 'GET',
    path: '/api/v2/billing/contracts/*/billingperiods/*',
    anyOf: [CONTRACTS_PERMISSION],
    handle: getPeriod,
  },
  {
    method: 'GET',
    path: '/api/v2/billing/reports/billableusage',
    anyOf: USAGE_PERMISSIONS,
    handle: reportUsage,
  },
]
