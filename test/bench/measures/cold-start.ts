/**
 * Cold start to the first answer: a fresh process per sample, the contenders in turn, timed within the process from
 * its start to the answer. That is what a caller waits for and what a Lambda's init consists of: Node's own start, the
 * same for all, is in it. The rows after those with a budget leave it out: from just before `require` to the answer,
 * what the function alone adds.
 */
import { type Contender, readers, turned, writers } from '../contenders.ts'
import type { ColdSample } from '../processes/cold.ts'
import { coldStart, type Variables } from '../processes.ts'
import type { Rig } from '../rig.ts'
import { type Row, ratioRow } from '../row.ts'
import { median, p90 } from '../statistics.ts'

/** Rounds; one sample of each contender in each. */
const ROUNDS = 25
const QUICK_ROUNDS = 7

export async function coldStartRows(rig: Rig): Promise<Row[]> {
  const samples = await sampled(rig, readers(rig), async () => rig.readEvent, rig.env)
  const row = (rival: Contender['name'], budgets: { must: number; aim: number }) =>
    comparison(`cold start of a read, against ${rival}`, samples('ours'), samples(rival), 'wholeMs', budgets)
  const added = (rival: Contender['name']) =>
    comparison(`… without Node's own start, against ${rival}`, samples('ours'), samples(rival), 'answerMs')
  return [
    row('usual', { must: 0.65, aim: 0.5 }),
    row('official-sdk', { must: 0.4, aim: 0.3 }),
    row('bare', { must: 2.2, aim: 1.8 }),
    added('usual'),
    added('official-sdk'),
    added('bare'),
  ]
}

export async function coldWriteRows(rig: Rig): Promise<Row[]> {
  const { pair } = rig.writes
  const nextEvent = async () => (await pair.events(1, 'ours'))[0]
  const samples = await sampled(rig, writers(rig, pair.functionName), nextEvent, rig.writeEnv)
  const row = (measure: string, time: Time) => comparison(measure, samples('ours'), samples('bare'), time)
  return [
    row(`cold start of ${pair.name}, recorded on a ledger on loopback, against the bare POST`, 'wholeMs'),
    row("… without Node's own start, against the bare POST", 'answerMs'),
    row('… of that, until the handler is loaded and nothing has been asked', 'loadMs'),
  ]
}

async function sampled(
  rig: Rig,
  contenders: readonly Contender[],
  nextEvent: () => Promise<unknown>,
  env: Variables,
) {
  const script = rig.builds.process('cold')
  const samples = new Map<string, ColdSample[]>(contenders.map(({ name }) => [name, []]))
  const rounds = rig.isQuick ? QUICK_ROUNDS : ROUNDS
  // The first round fills the file cache and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const { name, bundle } of turned(contenders, round + 1)) {
      const sample = await coldStart(script, bundle, await nextEvent(), env)
      if (round >= 0) samples.get(name)?.push(sample)
    }
  }
  return (name: Contender['name']) => samples.get(name) ?? []
}

type Time = 'wholeMs' | 'answerMs' | 'loadMs'

function comparison(
  measure: string,
  ours: readonly ColdSample[],
  rival: readonly ColdSample[],
  time: Time,
  budgets: { readonly must?: number; readonly aim?: number } = {},
): Row {
  const times = (samples: readonly ColdSample[]) => samples.map((sample) => sample[time])
  const figures = (samples: readonly ColdSample[]) =>
    `${median(times(samples)).toFixed(1)} ms (p90 ${p90(times(samples)).toFixed(1)})`
  return ratioRow(
    { measure, ours: figures(ours), rival: figures(rival) },
    median(times(ours)) / median(times(rival)),
    budgets,
  )
}
