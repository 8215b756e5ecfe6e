/** Readings of the embedded org, taken by the real function, and the truth that they are held against. */
import type { Org } from '../../../infra/local/org/server.ts'
import { deadlineIn } from '../../../lib/clock.ts'
import { readings } from '../../../lib/composition/readings.ts'
import { takeReading } from '../../../lib/inventory/reading/take-reading.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import type { World } from '../world.ts'

/** Milliseconds. */
const FIFTEEN_MINUTES_MS = 900_000

/** Invokes take-inventory minute by minute until the reading that is due has ended, whole or not. @throws Error where none ends. */
export async function takeWholeReading(
  { takeInventory, readingSource, clock }: World,
  minutes = 30,
): Promise<void> {
  const { store } = await readingSource()
  for (let minute = 0; minute < minutes; minute++) {
    await takeInventory()
    const { seen } = await store.standing()
    if (seen && !seen.state.current) return
    clock.advance(60_000)
  }
  throw new Error(`No reading has ended within ${minutes} minutes`)
}

/** Asks for a reading, and has it taken whole. */
export async function takeAskedReading(w: World): Promise<void> {
  await (await w.inventory()).askForReading({ beganAfterMs: w.clock.nowMs() })
  await takeWholeReading(w)
}

/** Genesys's answers as somebody else makes them. */
export function altering(w: World, alter: (path: string, body: Record<string, unknown>) => void): Transport {
  return w.scripted(async (request) => {
    const answer = await nodeTransport(request)
    const body = JSON.parse(Buffer.from(answer.body).toString('utf8'))
    alter(request.path, body)
    return { ...answer, body: Buffer.from(JSON.stringify(body)) }
  })
}

/** How many hold each license by the org's own truth; licenses that nobody holds are left out. */
export function heldByTruth(org: Org): Record<string, number> {
  const held: Record<string, number> = {}
  for (const licenses of Object.values(org.truth().users))
    for (const licenseId of licenses) held[licenseId] = (held[licenseId] ?? 0) + 1
  return held
}

/** The same by the inventory. */
export async function heldByInventory(w: World): Promise<Record<string, number>> {
  const { counts } = await (await w.inventory()).counts()
  return Object.fromEntries(
    counts.filter(({ held }) => held > 0).map(({ licenseId, held }) => [licenseId, held]),
  )
}

/**
 * A reading of the org behind a whole stack, which must have been started. What take-inventory does each minute besides
 * waits for billing by the real clock, and is left out.
 */
export async function takeReadingOfStack(): Promise<void> {
  const { clock, workFor } = readings()
  const { reading } = await workFor(deadlineIn(FIFTEEN_MINUTES_MS, clock), 'take-inventory')
  await takeReading(reading)
}
