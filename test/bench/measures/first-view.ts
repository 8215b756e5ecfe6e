/** How long whoever opens the page waits for its first view, of an org of 100,000 people. */
import { fileURLToPath } from 'node:url'
import type { FirstViewSample } from '../processes/first-view.ts'
import { answerOf } from '../processes.ts'
import type { Rig } from '../rig.ts'
import { limitRow, type Row } from '../row.ts'
import { median } from '../statistics.ts'

const USERS = 100_000
const VIEWS = 15
const QUICK_VIEWS = 5

/** Not bundled, as the stack of `npm start` is not. */
const SCRIPT = fileURLToPath(new URL('../processes/first-view.ts', import.meta.url))

export async function firstViewRows({ isQuick }: Rig): Promise<Row[]> {
  const views = isQuick ? QUICK_VIEWS : VIEWS
  const sample = (await answerOf(SCRIPT, [String(USERS), String(views)])) as FirstViewSample
  const { viewsMs, licenses, requests } = sample
  const tookMs = median(viewsMs)
  return [
    limitRow(
      {
        measure: `page: from the address to the seats of ${licenses} licenses and their days, ${USERS} people on record, signed in (${requests} requests)`,
        ours: `${tookMs.toFixed(0)} ms`,
      },
      tookMs,
      { must: 1_000 },
      (ms) => `${ms} ms`,
    ),
  ]
}
