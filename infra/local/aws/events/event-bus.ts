import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { shallowOf } from '../../../../lib/json.ts'
import type { LaptopClock } from '../../clock.ts'
import { type Action, action } from '../action.ts'
import { AwsError } from '../aws-error.ts'
import type { Deliveries } from './deliveries.ts'
import { ACCOUNT, BusEvent, entryFault, PutEntry, REGION, sizeOf } from './event-entry.ts'

/** A rule of the bus. */
export interface Rule {
  readonly name: string
  /** The name of the function that it calls. */
  readonly functionName: string
  readonly matches: (event: BusEvent) => boolean
  /** The function; it fails by rejecting. */
  readonly target: (event: BusEvent) => Promise<unknown>
}

/** Of PutEvents, for all entries of a request together, in bytes. */
const MAX_REQUEST_BYTES = 262_144

/** The oldest go beyond that many. */
const MAX_KEPT = 1_000

const PutEvents = z.object({ Entries: z.array(PutEntry).check(z.minLength(1), z.maxLength(10)) })

export interface LocalBus {
  readonly actions: Readonly<Record<string, Action>>
  /** The events put, oldest first. */
  readonly events: () => BusEvent[]
  /** Delivers an event to its rules once more. Resolves when each has been tried; rejects where there is no such event. */
  readonly redeliver: (eventId: string) => Promise<void>
}

/**
 * One event bus with its rules, and no other, not even a default one.
 *
 * @param busName what entries must call it.
 * @param refusal the code with which an entry, by its place in the request, was told to be refused.
 */
export function createEventBus(
  busName: string,
  rules: readonly Rule[],
  deliveries: Deliveries,
  clock: LaptopClock,
  refusal: (index: number) => string | undefined,
): LocalBus {
  let events: BusEvent[] = []

  async function deliver(event: BusEvent): Promise<void> {
    const sinceMs = clock.now()
    await Promise.all(
      rules
        .filter((rule) => rule.matches(event))
        .map(({ name, functionName, target }) =>
          deliveries.start({ from: 'rule', name, functionName, event, sinceMs, target: () => target(event) }),
        ),
    )
  }

  function put(entry: z.output<typeof PutEntry>, index: number) {
    const code = refusal(index)
    const fault =
      code === undefined ? entryFault(entry, busName) : { code, message: 'The entry was told to be refused.' }
    if (fault) return { ErrorCode: fault.code, ErrorMessage: fault.message }
    const atMs = entry.Time === undefined ? clock.now() : entry.Time * 1000
    const event: BusEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': entry.DetailType ?? '',
      source: entry.Source ?? '',
      account: ACCOUNT,
      // To the second, as on the real bus.
      time: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
      region: REGION,
      resources: entry.Resources ?? [],
      detail: z.parse(BusEvent.shape.detail, JSON.parse(entry.Detail ?? '{}')),
    }
    events = [...events, event].slice(-MAX_KEPT)
    // The answer goes out first.
    setImmediate(() => void deliver(event))
    return { EventId: event.id }
  }

  return {
    actions: {
      PutEvents: action(PutEvents, ({ Entries }) => {
        if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MAX_REQUEST_BYTES) {
          throw new AwsError(
            'ValidationException',
            'Total size of the entries in the request is over the limit.',
          )
        }
        const results = Entries.map(put)
        return {
          FailedEntryCount: results.filter((each) => each.EventId === undefined).length,
          Entries: results,
        }
      }),
    },
    events: () =>
      events.map((event) => ({ ...event, detail: z.parse(BusEvent.shape.detail, shallowOf(event.detail)) })),
    async redeliver(eventId) {
      const event = events.find(({ id }) => id === eventId)
      if (!event) throw new Error(`No event ${eventId} was put.`)
      await deliver(event)
    },
  }
}
