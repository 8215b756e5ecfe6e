/**
 * Samples of warm containers, the contenders in turn. Each round has containers of its own, since two processes of the
 * same bundle differ by more than two samples of one (where its code and its heap came to lie).
 */
import { type Contender, turned } from './contenders.ts'
import type { WarmSample } from './processes/warm.ts'
import { type Variables, warmContainer } from './processes.ts'
import type { Rig } from './rig.ts'
import { median } from './statistics.ts'

export interface Subject extends Contender {
  /** For so many calls; taken in turn where there are fewer. */
  readonly events: (calls: number) => Promise<readonly unknown[]>
  /** Calls until the code that every call runs has been compiled. */
  readonly warmUpCalls: number
  /** Calls of one sample: far more CPU than the steps in which it is counted. */
  readonly calls: number
  /** By how much the clock moves on before each call, milliseconds; not at all without it. */
  readonly apartMs?: number
}

export interface Rounds {
  /** Each with new containers. */
  readonly rounds: number
  /** Samples of each container. */
  readonly samples: number
}

export type SamplesOf = (name: Contender['name']) => readonly WarmSample[]

export async function warmSamples(
  rig: Rig,
  env: Variables,
  subjects: readonly Subject[],
  { rounds, samples }: Rounds,
): Promise<SamplesOf> {
  const taken = new Map<string, WarmSample[]>(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    const running = subjects.map((subject) => ({
      ...subject,
      container: warmContainer(rig.builds.process('warm'), subject.bundle, env),
    }))
    const run = async ({ container, events, apartMs = 0 }: (typeof running)[number], calls: number) =>
      await container.run({ events: await events(calls), calls, atOnce: 1, apartMs })
    try {
      for (const each of running) await run(each, each.warmUpCalls)
      for (let turn = 0; turn < samples; turn++) {
        for (const each of turned(running, round + turn)) {
          taken.get(each.name)?.push(await run(each, each.calls))
        }
      }
    } finally {
      await Promise.all(running.map(({ container }) => container.stop()))
    }
  }
  return (name) => taken.get(name) ?? []
}

export const cpuUsOf = (samples: readonly WarmSample[]) => median(samples.map(({ cpuUs }) => cpuUs))
export const wallMsOf = (samples: readonly WarmSample[]) => median(samples.map(({ wallMs }) => wallMs))
