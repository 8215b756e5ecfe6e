/**
 * Slack's webhook from a slash command to its acknowledgement, beside Slack's own framework: the signing secret is
 * read, the signature verified, one event put on the bus, and only then is the command acknowledged.
 */
import { signingSecret } from '../../chat/deliveries.ts'
import { type ColdTime, coldRow, coldSamples } from '../cold-samples.ts'
import { type Contender, webhooks } from '../contenders.ts'
import { askedDuring } from '../counting.ts'
import type { ColdSample } from '../processes/cold.ts'
import { coldStart, startServers } from '../processes.ts'
import { type Rig, rigOf } from '../rig.ts'
import { type Row, ratioRow } from '../row.ts'
import { slackCommand } from '../slack-commands.ts'
import { cpuUsOf, type Rounds, warmSamples } from '../warm-samples.ts'

/** Of Bolt's cold start. */
const MAX_OF_BOLT = 0.45
const AIM_OF_BOLT = 0.33

const ROUNDS: Rounds = { rounds: 4, samples: 3 }
const QUICK_ROUNDS: Rounds = { rounds: 1, samples: 3 }

const CALLS = 400
const WARM_UP_CALLS = 1_500

/** On servers of its own, whose bus has room for all events of the cold starts. */
export async function acknowledgementRows({ builds, isQuick }: Rig): Promise<Row[]> {
  const servers = await startServers({ users: 1 })
  try {
    const rig = rigOf(builds, servers, isQuick)
    for (const contender of webhooks(rig)) await refusal(rig, contender)
    return [...(await coldRows(rig)), await warmRow(rig)]
  } finally {
    await servers.stop()
  }
}

/** @throws Error where a command is handed on that somebody else has signed: verifying would then not be measured. */
async function refusal({ builds, servers, env }: Rig, { name, bundle }: Contender): Promise<void> {
  const forged = slackCommand(`${signingSecret}0`)
  const { events } = await askedDuring(servers, () =>
    coldStart(builds.process('cold'), bundle, forged, env, 401),
  )
  if (events !== 0) throw new Error(`${name} handed on a command that Slack did not sign`)
}

async function coldRows(rig: Rig): Promise<Row[]> {
  const samples = await coldSamples(rig, webhooks(rig), {
    nextEvent: async () => slackCommand(),
    env: rig.env,
    proven: (take) => handedOn(rig, take),
  })
  const row = (measure: string, time: ColdTime, budgets: { must?: number; aim?: number } = {}) =>
    coldRow(measure, samples('ours'), samples('bolt'), time, budgets)
  return [
    row("cold start of Slack's webhook to its acknowledgement, against bolt", 'wholeMs', {
      must: MAX_OF_BOLT,
      aim: AIM_OF_BOLT,
    }),
    row("… without Node's own start, against bolt", 'answerMs'),
    row('… of that, until the handler is loaded and nothing has been asked', 'loadMs'),
  ]
}

/** @throws Error where it did not read the secret once and then put one event on the bus, which took it. */
async function handedOn({ servers }: Rig, take: () => Promise<ColdSample>): Promise<ColdSample> {
  const { result, aws, events } = await askedDuring(servers, take)
  if (aws.join() !== 'GetSecretValue,PutEvents' || events !== 1) {
    throw new Error(`A command was to be one event on the bus: ${aws.join()} made ${events}`)
  }
  return result
}

async function warmRow(rig: Rig): Promise<Row> {
  const subjects = webhooks(rig).map((contender) => ({
    ...contender,
    events: async () => [slackCommand()],
    warmUpCalls: WARM_UP_CALLS,
    calls: CALLS,
  }))
  const samples = await warmSamples(rig, rig.env, subjects, rig.isQuick ? QUICK_ROUNDS : ROUNDS)
  const [ours, bolt] = [cpuUsOf(samples('ours')), cpuUsOf(samples('bolt'))]
  return ratioRow(
    {
      measure: "CPU of a warm acknowledgement of Slack's webhook, against bolt",
      ours: `${ours.toFixed(0)} µs`,
      rival: `${bolt.toFixed(0)} µs`,
    },
    ours / bolt,
  )
}
