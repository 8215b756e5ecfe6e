/** A scene for each function that no operation is served by: the authorizer, the page, the rotation, events, the tick and chat. */
import assert from 'node:assert/strict'
import {
  DescribeSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { provision } from '../../../infra/credentials/provision.ts'
import { clientSettings } from '../../../lib/aws/client-settings.ts'
import { CHAT_DELIVERED } from '../../../lib/chat/webhook/queued.ts'
import { systemClock } from '../../../lib/clock.ts'
import { secretNames } from '../../../lib/credentials/secret-names.ts'
import { TOGGLE_REQUESTED } from '../../../lib/events/contract.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { orgFileOf, REGION } from '../template/org-files.ts'
import type { Stage } from '../world/stage.ts'
import { apiEvent, authorizerEvent } from './api-events.ts'
import { beginList, isOn, scheduled, userId } from './operations.ts'
import { answerIn, busEvent, call, fieldsOf, type MakeScene, minuteEvent, turnEvent } from './scene.ts'

/** What is asked for in chat, and a word that is in its answer alone. */
const QUESTION = { line: '/license toggle agentAssist', word: 'agentAssist' }

/** An answer in chat is waited for so long, milliseconds. */
const REPLY_MS = 60_000

const tokenNamesOf = ({ variant }: Stage) => secretNames(orgFileOf(variant).name)

/** As the operator's command has it; the stand-in is asked under its own address. */
function operatorsClient({ aws }: Stage): SecretsManagerClient {
  const settings = {
    transport: nodeTransport,
    region: REGION,
    endpoint: aws.url,
    timeoutMs: 5_000,
    service: 'Secrets Manager',
  }
  return new SecretsManagerClient({ ...clientSettings(settings), credentials: aws.key })
}

/** What the operator does after a deployment: puts both clients, and sees two rotations through, of four steps each. */
export async function putCredentials(stage: Stage): Promise<void> {
  const { aws, org } = stage
  const names = tokenNamesOf(stage)
  /** A failure that passes on AWS does not pass here; and what it waits for would hide why. */
  const rotated = async () => {
    await aws.idle()
    for (const name of [names.readToken, names.writeToken]) {
      const error = aws.lastRotationError(name)
      if (error !== undefined)
        throw new Error(`rotate-token: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const to = {
    client: operatorsClient(stage),
    names,
    transport: nodeTransport,
    // The stand-in says when a rotation has ended.
    clock: { ...systemClock, sleep: rotated },
    apiOrigin: org.url,
    tell: () => {},
  }
  const { reader, writer } = org.clients
  await provision('read', { clientId: reader.clientId, clientSecret: reader.clientSecret }, to)
  await provision('write', { clientId: writer.clientId, clientSecret: writer.clientSecret }, to)
}

/** The last step once more, as Secrets Manager may repeat it, of a rotation that went through. */
const rotateToken: MakeScene = async (stage) => {
  const client = operatorsClient(stage)
  const SecretId = tokenNamesOf(stage).readToken
  await client.send(new RotateSecretCommand({ SecretId }))
  await stage.aws.idle()
  assert.equal(stage.aws.lastRotationError(SecretId), undefined)
  const { ARN, VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }))
  const current = Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes('AWSCURRENT'))
  return {
    event: { Step: 'finishSecret', SecretId: ARN, ClientRequestToken: current?.[0], RotationToken: '' },
    check: (answer) => assert.equal(answer, null),
  }
}

const authorize: MakeScene = (stage) => {
  const route = '/api/v2/license/users/{userId}'
  return {
    event: authorizerEvent(route, { userId: userId(stage, 0) }, stage.issuer.mint('operator')),
    check(answer) {
      const { policyDocument, context } = fieldsOf(answer)
      assert.equal(fieldsOf(context)['role'], 'operator')
      assert.match(JSON.stringify(policyDocument), /"Effect":"Allow"/)
    },
  }
}

const getPage: MakeScene = ({ variant }) => ({
  event: apiEvent({ variant, method: 'GET', resource: '/config.json' }),
  check: (answer) => assert.equal(answerIn(answer, 200).json['clientId'], 'license-page'),
})

const flipToggle: MakeScene = (stage) => {
  const featureName = 'workforceEngagement'
  const enabled = !isOn(stage, featureName)
  return {
    event: busEvent('workforce.planning', TOGGLE_REQUESTED, { featureName, enabled }),
    check(answer) {
      assert.equal(answer, null)
      assert.equal(isOn(stage, featureName), enabled)
    },
  }
}

const fireSchedule: MakeScene = async (stage) => {
  const featureName = 'predictiveEngagement'
  const enabled = !isOn(stage, featureName)
  const scheduleId = await scheduled(stage, featureName)
  return {
    event: { scheduleId, scheduledTime: `${new Date().toISOString().slice(0, 19)}Z` },
    check(answer) {
      assert.equal(answer, null)
      assert.equal(isOn(stage, featureName), enabled)
    },
  }
}

/** A message of the queue of lists: one part of a list is carried out. */
const takeTurns: MakeScene = async (stage) => {
  const changeId = await beginList(stage)
  return {
    event: turnEvent(changeId),
    async check(answer) {
      assert.deepEqual(answer, { batchItemFailures: [] })
      const change = await call(stage, 'get-change', 200, { parameters: { changeId } })
      assert.equal(fieldsOf(change['list'])['begun'], 1)
    },
  }
}

/** What the clock calls: it does what is due, and answers nothing. */
const byTheClock: MakeScene = () => ({
  event: minuteEvent(),
  check: (answer) => assert.equal(answer, null),
})

const slack: MakeScene = async (stage) => {
  const { event, said } = await stage.captured('slack', 'robin', QUESTION.line)
  return {
    event,
    async check(answer) {
      answerIn(answer, 200)
      await replied(stage, said)
    },
  }
}

/** What the webhook has put on the bus is delivered once more, as the bus may do. */
const runCommand: MakeScene = async (stage) => {
  const { event, said } = await stage.captured('slack', 'kim', QUESTION.line)
  const known = new Set(stage.aws.events().map(({ id }) => id))
  await stage.containerOf('slack').invoke(event)
  const delivered = stage.aws
    .events()
    .find((each) => each['detail-type'] === CHAT_DELIVERED && !known.has(each.id))
  return { event: delivered, check: () => replied(stage, said) }
}

const teams: MakeScene = async (stage) => {
  const { event } = await stage.captured('teams', 'robin', QUESTION.line)
  return {
    event,
    check: (answer) => assert.match(JSON.stringify(answerIn(answer, 200).json), new RegExp(QUESTION.word)),
  }
}

async function replied({ workspace }: Stage, said: string): Promise<void> {
  const untilMs = Date.now() + REPLY_MS
  for (;;) {
    const { version, messages } = workspace.seen('slack', 'robin', 0)
    const others = workspace.seen('slack', 'kim', 0)
    const reply = [...messages, ...others.messages].find(
      ({ answers, parts }) => answers === said && JSON.stringify(parts).includes(QUESTION.word),
    )
    if (reply) return
    const leftMs = untilMs - Date.now()
    assert.ok(leftMs > 0, 'no reply came to Slack')
    await workspace.changed(Math.max(version, others.version), leftMs)
  }
}

export const triggerScenes: Readonly<Record<string, MakeScene>> = {
  authorize,
  'get-page': getPage,
  'rotate-token': rotateToken,
  'flip-toggle': flipToggle,
  'fire-schedule': fireSchedule,
  'take-turns': takeTurns,
  'advance-due-changes': byTheClock,
  'take-inventory': byTheClock,
  // The first time it begins its chain; no day is over yet.
  'write-audit': byTheClock,
  slack,
  teams,
  'run-command': runCommand,
}
