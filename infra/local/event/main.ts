/** `npm run event -- toggle FEATURE on|off`: puts one event on the bus of a running local gateway. */
import { resolve } from 'node:path'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { TOGGLE_REQUESTED } from '../../../lib/events/contract.ts'
import { LOCAL_ORG } from '../environment.ts'
import { headerFile, type RunFile, readRunFile } from '../run-file.ts'
import { runCommand } from '../usage.ts'
import { type EventOptions, eventOptions } from './options.ts'
import { EVENT_COMMAND_SOURCE } from './source.ts'

async function main(options: EventOptions): Promise<void> {
  const directory = resolve(options.directory)
  const run = readRunFile(directory)
  const eventId = await put(run, options)
  const changes = `${run.gateway}/v1/changes?toggle=${encodeURIComponent(options.featureName)}`
  console.log(
    `event ${eventId} put; see what became of it:\n  curl -H @${headerFile(options.directory, 'viewer')} '${changes}'`,
  )
}

/** @returns the event's id. @throws Error with a sentence where the bus did not take it. */
async function put(run: RunFile, { featureName, enabled, reason, notAfter }: EventOptions): Promise<string> {
  const client = new EventBridgeClient({ region: 'us-east-1', endpoint: run.events, credentials: run.key })
  const detail = { featureName, enabled, reason, notAfter }
  const command = new PutEventsCommand({
    Entries: [
      {
        EventBusName: LOCAL_ORG,
        Source: EVENT_COMMAND_SOURCE,
        DetailType: TOGGLE_REQUESTED,
        Detail: JSON.stringify(detail),
      },
    ],
  })
  const { Entries } = await client.send(command).catch((cause: unknown) => {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new Error(`Putting the event failed with ${why}; is the gateway still running at ${run.events}?`, {
      cause,
    })
  })
  const [entry] = Entries ?? []
  if (entry?.EventId !== undefined) return entry.EventId
  throw new Error(`The event bus refused the event with ${entry?.ErrorCode}: ${entry?.ErrorMessage}`)
}

await runCommand(async () => await main(eventOptions(process.argv.slice(2))))
