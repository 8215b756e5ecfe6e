/** A change as callers see it, from all that is on record of it. */
import type { Change } from '../answers/change-schemas.ts'
import { wholeChangeOf } from '../answers/count-outcomes.ts'
import type { Header } from '../model/header.ts'
import type { Desk } from './desk.ts'
import { readPauseOver } from './read-pause.ts'
import { readUndoneOf } from './read-undone.ts'

/** @throws GatewayError `ledger.unavailable` */
export async function readWholeChange(
  desk: Pick<Desk, 'ledger' | 'policy'>,
  header: Header,
): Promise<Change> {
  const [plan, evidence] = [await desk.ledger.plan(header), await desk.ledger.evidence(header)]
  const whole = wholeChangeOf(header, plan, evidence, await readPauseOver(desk, header))
  return { ...whole, ...(await readUndoneOf(desk.ledger, header)) }
}
