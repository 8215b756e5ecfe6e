/** What a piece of work asks of others, counted by those who are asked. */
import { bearerOf, TEST_KEY } from '../../infra/local/aws/access-key.ts'
import type { LedgerCall } from './processes/ledger.ts'
import type { Serving } from './processes/servers.ts'

export interface Asked {
  readonly org: readonly { readonly method: string; readonly path: string }[]
  /** Actions of AWS services but DynamoDB's. */
  readonly aws: readonly string[]
  readonly ledger: readonly LedgerCall[]
  /** How many events the bus took; it keeps the last 1,000, so of no more than those. */
  readonly events: number
}

/** @param run begins after the org has been set back to its beginning, so that its log is short. */
export async function askedDuring<T>(
  servers: Serving,
  run: () => Promise<T>,
): Promise<Asked & { result: T }> {
  await fetch(`${servers.org}/__org/reset`, { method: 'POST' })
  const before = await lists(servers)
  const result = await run()
  const after = await lists(servers)
  const earlier = new Set(before.events)
  return {
    result,
    org: after.org,
    aws: after.aws.slice(before.aws.length).map(({ action }) => action),
    ledger: after.ledger.slice(before.ledger.length),
    events: after.events.filter((id) => !earlier.has(id)).length,
  }
}

const bearer = { authorization: bearerOf(TEST_KEY) }

async function lists({ org, aws, ledger }: Serving) {
  return {
    org: (await list(`${org}/__org/requests`)) as Asked['org'],
    aws: (await list(`${aws}/__aws/requests`, bearer)) as { action: string }[],
    ledger: (await list(`${ledger}/__ledger/calls`)) as LedgerCall[],
    events: ((await list(`${aws}/__aws/events`, bearer)) as { id: string }[]).map(({ id }) => id),
  }
}

async function list(url: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  return await (await fetch(url, { headers })).json()
}

/**
 * What one write asked of others, e.g. `3 to Genesys (2 reads), 5 to the ledger (4 PutItem, 1 GetItem)`.
 *
 * @throws Error where it sent upstream another number of writes than one.
 */
export function spoken({ org, aws, ledger }: Asked): string {
  const writes = org.filter(isWriteUpstream).length
  if (writes !== 1) throw new Error(`What was to send one write sent ${writes}`)
  const reads = org.length - writes
  return [
    reads === 0 ? `${org.length} to Genesys` : `${org.length} to Genesys (${reads} reads)`,
    ...(ledger.length === 0 ? [] : [ledgerSpoken({ ledger }).replace(' ', ' to the ledger ')]),
    ...(aws.length === 0 ? [] : [tally(aws)]),
  ].join(', ')
}

/** E.g. `5 (4 PutItem, 1 GetItem)`. */
export function ledgerSpoken({ ledger }: Pick<Asked, 'ledger'>): string {
  return `${ledger.length} (${tally(ledger.map(({ action }) => action))})`
}

/** Whether a request to Genesys changes licenses. */
function isWriteUpstream({ method, path }: Asked['org'][number]): boolean {
  return method === 'POST' && /\/license\/(organization|toggles\/)/.test(path)
}

/** E.g. `9 PutItem, 6 GetItem`, the most frequent first. */
function tally(names: readonly string[]): string {
  return Object.entries(Object.groupBy(names, (name) => name))
    .map(([name, found = []]) => [name, found.length] as const)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}
