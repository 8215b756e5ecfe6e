/** The stack's event bus behind the port of changes/model/change-events.ts. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { clientSettings, lightenClient } from '../aws/client-settings.ts'
import type { EventBus } from '../changes/model/change-events.ts'
import type { Transport } from '../transport/transport.ts'

/**
 * One try, milliseconds; EventBridge answers in tens. Somebody waits meanwhile, and what is told of a change can be told
 * later: so one try is all.
 */
const TIMEOUT_MS = 1_000

/**
 * @param maxAttempts tries, for whoever cannot tell it later.
 * @param region AWS region, e.g. `eu-west-1`.
 * @param endpoint only on the laptop: the stand-in's address.
 */
export function eventBridgeClient(
  transport: Transport,
  region: string,
  endpoint?: string,
  maxAttempts = 1,
): EventBridgeClient {
  const service = 'EventBridge'
  return lightenClient(
    new EventBridgeClient(
      clientSettings({ transport, region, endpoint, timeoutMs: TIMEOUT_MS, maxAttempts, service }),
    ),
  )
}

export interface BusOptions {
  readonly client: EventBridgeClient
  /** Name or ARN. */
  readonly busName: string
  /** Who the events are from. */
  readonly source: string
}

/** @returns the bus; `put` throws the SDK's error where EventBridge could not be reached or refused the whole request. */
export function eventBus({ client, busName, source }: BusOptions): EventBus {
  return {
    async put(announcements) {
      const { Entries = [] } = await client.send(
        new PutEventsCommand({
          Entries: announcements.map(({ detailType, detail, atMs }) => ({
            EventBusName: busName,
            Source: source,
            DetailType: detailType,
            Detail: JSON.stringify(detail),
            Time: new Date(atMs),
          })),
        }),
      )
      // One entry each, in the order of the request; what has no event id was not taken.
      return announcements.map((_, index) => {
        const { EventId, ErrorCode } = Entries[index] ?? {}
        return EventId !== undefined && ErrorCode === undefined
      })
    },
  }
}
