/**
 * The first invocation of functions that people wait for, at the memory that the stack gives them: their start, as on
 * Lambda, with all the CPU there is, and the invocation with the share of a core that goes with the memory.
 */
import { memoryMbOf } from '../../../infra/constructs/functions/memory.ts'
import { cpuGroup } from '../memory/cpu-share.ts'
import { type Sample, sampled, type Waited, waitedOf } from '../memory/first-calls.ts'
import { startServers } from '../processes.ts'
import { type Rig, rigOf } from '../rig.ts'
import { type Budgets, limitRow, type Row } from '../row.ts'
import { median, p90 } from '../statistics.ts'
import { ALL_AFAR, asMilliseconds, SERVERS } from '../writes/write-settings.ts'

const ROUNDS = 9
const QUICK_ROUNDS = 3

/** Seconds. */
const BUDGETS = {
  toggle: { must: 0.6, aim: 0.4 },
  plan: { must: 0.6, aim: 0.4 },
  webhook: { must: 0.5, aim: 0.3 },
  read: { must: 0.4, aim: 0.25 },
} as const satisfies Record<string, Budgets>

export async function firstInvocationRows({ builds, isQuick }: Rig): Promise<Row[]> {
  const servers = await startServers({ ...SERVERS, ...ALL_AFAR })
  const group = cpuGroup()
  try {
    const rig = rigOf(builds, servers, isQuick)
    const waited = waitedOf(rig)
    const subjects = (['toggle', 'plan', 'webhook', 'read'] as const).map((kind) => ({
      kind,
      waited: waited[kind],
      memoryMb: memoryMbOf(waited[kind].functionName),
    }))
    const rounds = isQuick ? QUICK_ROUNDS : ROUNDS
    const samples = await sampled(rig, subjects, { group, rounds, calls: 1 })
    return subjects.map((subject, index) =>
      firstRow(subject, samples[index] ?? [], group === undefined, BUDGETS[subject.kind]),
    )
  } finally {
    group?.remove()
    await servers.stop()
  }
}

function firstRow(
  { waited, memoryMb }: { readonly waited: Waited; readonly memoryMb: number },
  samples: readonly Sample[],
  isReckoned: boolean,
  budgets: Budgets,
): Row {
  const first = samples.flatMap(({ calls }) => calls)
  const seconds = first.map(({ heldMs }) => heldMs / 1e3)
  const cpuMs = median(first.map((call) => call.cpuMs))
  return limitRow(
    {
      measure: `first invocation of ${waited.name} at ${memoryMb} MB, its CPU ${isReckoned ? 'divided by' : 'held to'} its share: ${asMilliseconds(ALL_AFAR)}`,
      ours: `${median(seconds).toFixed(2)} s (p90 ${p90(seconds).toFixed(2)}), ${cpuMs.toFixed(0)} ms of CPU`,
    },
    median(seconds),
    budgets,
    (limit) => `${limit} s`,
  )
}
