/**
 * Samples of cold starts, each a process of its own, the contenders in turn. They are timed within the process from its
 * start to the answer: that is what a caller waits for and what a Lambda's init consists of, Node's own start, the same
 * for all, included.
 */
import { type Contender, turned } from './contenders.ts'
import type { ColdSample } from './processes/cold.ts'
import { coldStart, type Variables } from './processes.ts'
import type { Rig } from './rig.ts'
import { type Row, ratioRow } from './row.ts'
import { median, p90 } from './statistics.ts'

/** Rounds; one sample of each contender in each. */
const ROUNDS = 25
const QUICK_ROUNDS = 7

export interface ColdWork {
  /** Of the next sample. */
  readonly nextEvent: () => Promise<unknown>
  readonly env: Variables
  /** Takes one sample, and throws where it did other work than what is measured; without it, answering 200 is all. */
  readonly proven?: (take: () => Promise<ColdSample>) => Promise<ColdSample>
}

export type ColdSamplesOf = (name: Contender['name']) => readonly ColdSample[]

export async function coldSamples(
  rig: Rig,
  contenders: readonly Contender[],
  { nextEvent, env, proven = (take) => take() }: ColdWork,
): Promise<ColdSamplesOf> {
  const script = rig.builds.process('cold')
  const samples = new Map<string, ColdSample[]>(contenders.map(({ name }) => [name, []]))
  const rounds = rig.isQuick ? QUICK_ROUNDS : ROUNDS
  // The first round fills the file cache and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const { name, bundle } of turned(contenders, round + 1)) {
      const event = await nextEvent()
      const sample = await proven(() => coldStart(script, bundle, event, env))
      if (round >= 0) samples.get(name)?.push(sample)
    }
  }
  return (name) => samples.get(name) ?? []
}

export type ColdTime = 'wholeMs' | 'answerMs' | 'loadMs'

export function coldRow(
  measure: string,
  ours: readonly ColdSample[],
  rival: readonly ColdSample[],
  time: ColdTime,
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
