/**
 * The first invocation of functions that people wait for, at the memory that the stack gives them: their start, as on
 * Lambda, with all the CPU there is, and the invocation with the share of a core that goes with the memory.
 */
import { memoryMbOf } from '../../../infra/constructs/functions/memory.ts'
import { cpuGroup } from '../cpu-share.ts'
import { firstCallsOf, type Waited, waitedFor } from '../first-calls.ts'
import { startServers } from '../processes.ts'
import { type Rig, rigOf } from '../rig.ts'
import { limitRow, type Row } from '../row.ts'
import { median, p90 } from '../statistics.ts'
import { asMilliseconds, FAR, SERVERS } from '../writes/write-settings.ts'

const ROUNDS = 9
const QUICK_ROUNDS = 3

/** Seconds. */
const BUDGETS: Readonly<Partial<Record<Waited['name'], { readonly must: number; readonly aim: number }>>> = {
  'put-toggle': { must: 0.6, aim: 0.4 },
  'create-change': { must: 0.6, aim: 0.4 },
  slack: { must: 0.5, aim: 0.3 },
  'get-license-user': { must: 0.4, aim: 0.25 },
}

export async function firstInvocationRows({ builds, isQuick }: Rig): Promise<Row[]> {
  const servers = await startServers({ ...SERVERS, ...FAR })
  const group = cpuGroup()
  try {
    const rig = rigOf(builds, servers, isQuick)
    const functions = waitedFor(rig)
    const samples = await firstCallsOf(rig, functions, {
      group,
      rounds: isQuick ? QUICK_ROUNDS : ROUNDS,
      sizes: ({ name }) => [memoryMbOf(name)],
    })
    return functions.map(({ name, says }) => {
      const memoryMb = memoryMbOf(name)
      const taken = samples(name, memoryMb)
      const seconds = taken.map(({ first }) => first.heldMs / 1000)
      const cpuMs = median(taken.map(({ first }) => first.cpuMs))
      return limitRow(
        {
          measure: `first invocation of ${says} at ${memoryMb} MB: ${asMilliseconds(FAR)}`,
          ours: `${median(seconds).toFixed(2)} s (p90 ${p90(seconds).toFixed(2)}), of it ${cpuMs.toFixed(0)} ms of CPU ${group ? 'held to its share' : 'divided by its share'}`,
        },
        median(seconds),
        BUDGETS[name],
        (limit) => `${limit} s`,
      )
    })
  } finally {
    group?.remove()
    await servers.stop()
  }
}
