/**
 * What a tool over the API would be, written against the types that a public generator makes of the document, and nothing
 * else: the compiler that checks it is handed `gateway-api.ts` by the test and finds it in no folder.
 */
import createClient from 'openapi-fetch'
import type { components, paths } from './gateway-api.ts'

type Schemas = components['schemas']

export type Client = ReturnType<typeof clientOf>

export function clientOf(baseUrl: string, token: string) {
  return createClient<paths, 'application/json'>({ baseUrl, headers: { authorization: `Bearer ${token}` } })
}

/** Goes from page to page until there is none. */
export async function everybody(client: Client, license: string) {
  const found: { readonly id: string; readonly email: string | undefined; readonly licenses: string[] }[] = []
  let cursor: string | undefined
  do {
    const query = cursor === undefined ? { license, limit: 5 } : { license, limit: 5, cursor }
    const { data, error } = await client.GET('/v1/users', { params: { query } })
    if (error) throw refusal(error)
    for (const { id, email, licenses } of data.entities) found.push({ id, email, licenses })
    cursor = data.next
  } while (cursor !== undefined)
  return found
}

/** By number, as Genesys's own list goes. */
export async function idsByPage(client: Client): Promise<string[]> {
  const ids: string[] = []
  for (let pageNumber = 1; ; pageNumber++) {
    const { data, error } = await client.GET('/api/v2/license/users', {
      params: { query: { pageSize: 25, pageNumber } },
    })
    if (error) throw refusal(error)
    ids.push(...(data.entities ?? []).map(({ id }) => id))
    if (pageNumber >= (data.pageCount ?? 0)) return ids
  }
}

/** @returns the ids of the licenses held, or the code of the refusal. */
export async function licensesOf(client: Client, userId: string): Promise<readonly string[] | string> {
  const { data, error } = await client.GET('/api/v2/license/users/{userId}', { params: { path: { userId } } })
  return error ? error.code : (data.licenses ?? []).map(({ id }) => id)
}

export async function setToggle(client: Client, featureName: string, enabled: boolean, key: string) {
  const { data, error, response } = await client.PUT('/v1/toggles/{featureName}', {
    params: { path: { featureName }, header: { 'Idempotency-Key': key } },
    body: { enabled },
  })
  if (error) throw refusal(error)
  const isReplay = response.headers.get('Idempotent-Replayed') === 'true'
  return { state: data.state, summary: data.summary, isReplay }
}

export async function isOn(client: Client, featureName: string): Promise<boolean> {
  const { data, error } = await client.GET('/api/v2/license/toggles/{featureName}', {
    params: { path: { featureName } },
  })
  if (error) throw refusal(error)
  return data.enabled
}

/** Plans, looks, applies, and reads what became of it. */
export async function give(client: Client, licenseId: string, userIds: readonly string[], key: string) {
  const order: Schemas['ChangeOrder'] = {
    kind: 'assignments',
    assignments: [{ licenseId, userIdsAdd: [...userIds], userIdsRemove: [] }],
    reason: 'From a typed client',
  }
  const header = { 'Idempotency-Key': key }
  const planned = await client.POST('/v1/changes', { params: { header }, body: order })
  if (planned.error) throw refusal(planned.error)
  const { id: changeId, digest, findings } = planned.data
  const path = { changeId }
  const applied = await client.POST('/v1/changes/{changeId}/apply', {
    params: { path, header },
    body: { digest },
  })
  if (applied.error) throw refusal(applied.error)
  const results = await client.GET('/v1/changes/{changeId}/results', { params: { path } })
  if (results.error) throw refusal(results.error)
  const seats = (findings?.seats ?? []).map((each) => ({ licenseId: each.licenseId, seats: each.seats }))
  return {
    changeId,
    seats,
    state: applied.data.state,
    outcomes: results.data.entities.map(({ userId, outcome }) => [userId, outcome] as const),
  }
}

export async function openChanges(client: Client): Promise<readonly Schemas['Change']['state'][]> {
  const { data, error } = await client.GET('/v1/changes', { params: { query: { open: 'true' } } })
  if (error) throw refusal(error)
  return data.entities.map(({ state }) => state)
}

/** @returns what is wrong with a batch, as the gateway says it. */
export async function faultsOf(client: Client, batch: Schemas['LicenseBatchAssignmentRequest']) {
  const { error, response } = await client.POST('/api/v2/license/organization', { body: batch })
  const fields = (error?.details ?? []).map(({ fieldName }) => fieldName)
  return { status: response.status, code: error?.code, fields }
}

function refusal({ status, code, message }: Schemas['ErrorBody']): Error {
  return new Error(`${status} ${code}: ${message}`)
}
