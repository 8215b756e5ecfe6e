/** CPU of one warm read: user and system time of a container that has served a good thousand, one call after the other. */
import { type Contender, readers } from '../contenders.ts'
import type { Rig } from '../rig.ts'
import { type Row, ratioRow } from '../row.ts'
import { cpuUsOf, type Rounds, warmSamples } from '../warm-samples.ts'

const ROUNDS: Rounds = { rounds: 6, samples: 4 }
const QUICK_ROUNDS: Rounds = { rounds: 2, samples: 4 }

const CALLS = 400
const WARM_UP_CALLS = 1_500

export async function warmReadRows(rig: Rig): Promise<Row[]> {
  const subjects = readers(rig).map((contender) => ({
    ...contender,
    events: async () => [rig.readEvent],
    warmUpCalls: WARM_UP_CALLS,
    calls: CALLS,
  }))
  const samples = await warmSamples(rig, rig.env, subjects, rig.isQuick ? QUICK_ROUNDS : ROUNDS)
  const cpuUs = (name: Contender['name']) => cpuUsOf(samples(name))
  const text = (name: Contender['name']) => `${cpuUs(name).toFixed(0)} µs`
  const row = (rival: Contender['name'], budgets: { must?: number; aim?: number }) =>
    ratioRow(
      { measure: `CPU of a warm read, against ${rival}`, ours: text('ours'), rival: text(rival) },
      cpuUs('ours') / cpuUs(rival),
      budgets,
    )
  return [
    row('bare', { must: 1.8, aim: 1.3 }),
    row('usual', { must: 0.7, aim: 0.5 }),
    row('official-sdk', {}),
  ]
}
