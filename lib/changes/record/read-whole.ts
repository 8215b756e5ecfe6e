/** A change as callers see it, from all that is on record of it. */
import type { Change } from '../answers/change-schemas.ts'
import { wholeChangeOf } from '../answers/count-outcomes.ts'
import type { Header } from '../model/header.ts'
import type { Desk } from './desk.ts'
import type { Ledger } from './ledger.ts'
import { readPauseOver } from './read-pause.ts'
import { readSequelsOf, withSequels } from './read-sequels.ts'

/** @throws GatewayError `ledger.unavailable` */
export async function readWholeChange(
  desk: Pick<Desk, 'ledger' | 'policy'>,
  header: Header,
): Promise<Change> {
  const [plan, evidence] = [await desk.ledger.plan(header), await desk.ledger.evidence(header)]
  const asked = await readAsAsked(desk.ledger, header)
  const whole = wholeChangeOf(asked, plan, evidence, await readPauseOver(desk, header))
  return withSequels(whole, await readSequelsOf(desk.ledger, header))
}

type Headers = Pick<Ledger, 'headers'>

/** The lists that parts among them are of, by id; nothing is read where there is no part. @throws GatewayError `ledger.unavailable` */
export async function readListsOf(
  ledger: Headers,
  headers: readonly Header[],
): Promise<ReadonlyMap<string, Header>> {
  const ids = new Set(headers.flatMap(({ partOf }) => partOf?.changeId ?? []))
  return ids.size === 0 ? new Map() : await ledger.headers([...ids])
}

/** A part is asked for by its list, which alone has why, and what it takes back. */
export function asAsked(header: Header, lists: ReadonlyMap<string, Header>): Header {
  const list = lists.get(header.partOf?.changeId ?? '')
  return list ? { ...header, reason: list.reason, undoes: list.undoes } : header
}

/** @throws GatewayError `ledger.unavailable` */
export async function readAsAsked(ledger: Headers, header: Header): Promise<Header> {
  return asAsked(header, await readListsOf(ledger, [header]))
}
