/** What goes from function to function over the bus, the scheduler and the chats, as the template has joined them. */
import assert from 'node:assert/strict'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { person } from '../../../infra/local/org/people/people.ts'
import { clientSettings } from '../../../lib/aws/client-settings.ts'
import { TOGGLE_REQUESTED } from '../../../lib/events/contract.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { type Faults, faultsIn } from '../rehearsal.ts'
import { REGION } from '../template/org-files.ts'
import type { Stage } from '../world/stage.ts'
import { beginList, isOn, userId } from './operations.ts'
import { call, fieldsOf, textOf, turnEvent } from './scene.ts'

const HOUR_MS = 3_600_000

export async function playChains(stage: Stage): Promise<Faults> {
  return [
    ...(await faultsIn('a toggle asked for on the bus', () => busToFunction(stage))),
    ...(await faultsIn('a schedule', () => schedulerToFunction(stage))),
    ...(await faultsIn('a grant in Slack', () => slackToGenesys(stage))),
    ...(await faultsIn('a list for a time', () => listToItsEnd(stage))),
  ]
}

/** Somebody's tool puts an event, and hears on the bus what became of it. */
async function busToFunction(stage: Stage): Promise<void> {
  const featureName = 'workforceEngagement'
  const enabled = !isOn(stage, featureName)
  const settings = { transport: nodeTransport, region: REGION, endpoint: stage.aws.url, timeoutMs: 5_000 }
  const client = new EventBridgeClient({
    ...clientSettings({ ...settings, service: 'EventBridge' }),
    credentials: stage.aws.key,
  })
  const entry = { Source: 'workforce.planning', DetailType: TOGGLE_REQUESTED, EventBusName: stage.busName }
  await client.send(
    new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify({ featureName, enabled }) }] }),
  )
  await stage.aws.idle()
  assert.equal(isOn(stage, featureName), enabled)
  const told = stage.aws.events().at(-1)
  assert.equal(told?.['detail-type'], 'License Change Applied')
}

/** By the scheduler's own clock: the time that it puts into the event is its own. */
async function schedulerToFunction(stage: Stage): Promise<void> {
  const featureName = 'predictiveEngagement'
  const enabled = !isOn(stage, featureName)
  const at = new Date(Date.now() + HOUR_MS).toISOString().slice(0, 16)
  const change = { kind: 'toggle', featureName, enabled }
  await call(stage, 'create-schedule', 201, { body: { at, timeZone: 'UTC', change } })
  await stage.aws.advance(HOUR_MS + 60_000)
  await stage.aws.idle()
  assert.equal(isOn(stage, featureName), enabled)
}

/** Typed, planned, confirmed by a button, carried out, and told. */
async function slackToGenesys(stage: Stage): Promise<void> {
  const { workspace, org } = stage
  const { email } = person(20)
  const license = 'wallboardUser'
  await workspace.say('slack', 'robin', `/license grant ${license} to ${email}`)
  await stage.aws.idle()
  await workspace.press('robin', 'Confirm')
  await stage.aws.idle()
  assert.ok(org.truth().users[userId(stage, 20)]?.includes(license), 'Genesys was not asked for it')
  const { messages } = workspace.seen('slack', 'robin', 0)
  assert.match(JSON.stringify(messages.at(-1)), /done, and Genesys shows it/)
}

/** Paused, resumed, called off behind a part, looked through, extended, asked for again, and what it did taken back. */
async function listToItsEnd(stage: Stage): Promise<void> {
  const changeId = await beginList(stage, 'PT8H')
  const parameters = { changeId }
  const takeTurn = async () => {
    const outcome = await stage.containerOf('take-turns').invoke(turnEvent(changeId))
    assert.deepEqual(outcome.kind === 'answered' && outcome.value, { batchItemFailures: [] })
    return await call(stage, 'get-change', 200, { parameters })
  }
  const begunIn = (json: Readonly<Record<string, unknown>>) => fieldsOf(json['list'])['begun']
  assert.equal(begunIn(await takeTurn()), 1)
  await call(stage, 'pause-change', 202, { parameters })
  await call(stage, 'retry-change', 409, { parameters })
  assert.equal(begunIn(await takeTurn()), 1)
  await call(stage, 'resume-change', 202, { parameters })
  await call(stage, 'cancel-change', 202, { parameters })
  assert.equal((await takeTurn())['state'], 'PARTIAL')

  const page = await call(stage, 'get-change-results', 200, { parameters, query: { outcome: 'applied' } })
  assert.ok(Array.isArray(page['entities']) && page['entities'].length > 0)
  const { revert } = await call(stage, 'extend-change', 200, { parameters, body: { revertAfter: 'PT9H' } })
  const { entities } = await call(stage, 'list-changes', 200, { query: { due: '10h' } })
  assert.match(JSON.stringify(entities), new RegExp(`${changeId}.*${textOf(fieldsOf(revert)['dueAt'])}`))
  const retry = await call(stage, 'retry-change', 201, { parameters })
  assert.deepEqual([retry['state'], retry['retries']], ['PLANNED', changeId])
  await call(stage, 'end-change', 202, { parameters })
  const { changeId: reverting } = fieldsOf((await takeTurn())['revert'])
  const ended = await call(stage, 'get-change', 200, { parameters: { changeId: textOf(reverting) } })
  assert.deepEqual([ended['state'], ended['undoes']], ['APPLIED', changeId])
}
