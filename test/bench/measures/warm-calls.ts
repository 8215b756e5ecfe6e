/**
 * CPU of one warm call: user and system time of a container that has served a good thousand, one call after the other,
 * the contenders in turn. Each round has containers of its own, since two processes of the same bundle differ by more
 * than two samples of one (where its code and its heap came to lie).
 */
import type { WarmSample } from '../processes/warm.ts'
import { type Variables, warmContainer } from '../processes.ts'
import { type Contender, type Rig, readers, turned, writers } from '../rig.ts'
import { type Row, ratioRow } from '../row.ts'
import { median } from '../statistics.ts'

/** Rounds of new containers, and samples of each. */
const ROUNDS = 6
const QUICK_ROUNDS = 2
const SAMPLES = 4

/** Calls of one sample: far more CPU than the steps in which it is counted. */
const CALLS = 400

/** Until the code that every call runs has been compiled. */
const WARM_UP_CALLS = 1_500

export async function warmReadRows(rig: Rig): Promise<Row[]> {
  const samples = await sampled(rig, readers(rig), rig.readEvent, rig.env)
  const row = (rival: Contender['name'], budget: { must?: number }) =>
    cpuRow(`CPU of a warm read, against ${rival}`, samples('ours'), samples(rival), budget)
  return [row('bare', { must: 1.3 }), row('usual', { must: 0.5 }), row('official-sdk', {})]
}

export async function warmWriteRow(rig: Rig): Promise<Row> {
  const samples = await sampled(rig, writers(rig), rig.writeEvent, {
    ...rig.env,
    READ_TOKEN_SECRET: rig.servers.writeToken,
  })
  return cpuRow(
    'CPU of a warm write on a fresh connection, against the bare POST on a kept one',
    samples('ours'),
    samples('bare'),
    {},
  )
}

async function sampled(rig: Rig, contenders: readonly Contender[], event: unknown, env: Variables) {
  const samples = new Map<string, WarmSample[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < (rig.isQuick ? QUICK_ROUNDS : ROUNDS); round++) {
    const running = contenders.map(({ name, bundle }) => ({
      name,
      container: warmContainer(rig.builds.process('warm'), bundle, env),
    }))
    try {
      for (const { container } of running) await container.run({ event, calls: WARM_UP_CALLS, atOnce: 1 })
      for (let turn = 0; turn < SAMPLES; turn++) {
        for (const { name, container } of turned(running, round + turn)) {
          samples.get(name)?.push(await container.run({ event, calls: CALLS, atOnce: 1 }))
        }
      }
    } finally {
      await Promise.all(running.map(({ container }) => container.stop()))
    }
  }
  return (name: Contender['name']) => samples.get(name) ?? []
}

function cpuRow(
  measure: string,
  ours: readonly WarmSample[],
  rival: readonly WarmSample[],
  budget: { must?: number },
): Row {
  const cpu = (samples: readonly WarmSample[]) => median(samples.map(({ cpuUs }) => cpuUs))
  const figures = (samples: readonly WarmSample[]) => `${cpu(samples).toFixed(0)} µs`
  return ratioRow({ measure, ours: figures(ours), rival: figures(rival) }, cpu(ours) / cpu(rival), budget)
}
