/**
 * Cold start to the first answer. The rows after those with a budget leave Node's own start out: from just before
 * `require` to the answer, what the function alone adds.
 */
import { type ColdTime, coldRow, coldSamples } from '../cold-samples.ts'
import { type Contender, readers, writers } from '../contenders.ts'
import type { Rig } from '../rig.ts'
import type { Row } from '../row.ts'

export async function coldStartRows(rig: Rig): Promise<Row[]> {
  const nextEvent = async () => rig.readEvent
  const samples = await coldSamples(rig, readers(rig), { nextEvent, env: rig.env })
  const row = (rival: Contender['name'], budgets: { must: number; aim: number }) =>
    coldRow(`cold start of a read, against ${rival}`, samples('ours'), samples(rival), 'wholeMs', budgets)
  const added = (rival: Contender['name']) =>
    coldRow(`… without Node's own start, against ${rival}`, samples('ours'), samples(rival), 'answerMs')
  return [
    row('usual', { must: 0.6, aim: 0.5 }),
    row('official-sdk', { must: 0.38, aim: 0.3 }),
    row('bare', { must: 2.0, aim: 1.5 }),
    added('usual'),
    added('official-sdk'),
    added('bare'),
  ]
}

export async function coldWriteRows(rig: Rig): Promise<Row[]> {
  const { pair } = rig.writes
  const nextEvent = async () => (await pair.events(1, 'ours'))[0]
  const samples = await coldSamples(rig, writers(rig, pair.functionName), { nextEvent, env: rig.writeEnv })
  const row = (measure: string, time: ColdTime) => coldRow(measure, samples('ours'), samples('bare'), time)
  return [
    row(`cold start of ${pair.name}, recorded on a ledger on loopback, against the bare POST`, 'wholeMs'),
    row("… without Node's own start, against the bare POST", 'answerMs'),
    row('… of that, until the handler is loaded and nothing has been asked', 'loadMs'),
  ]
}
