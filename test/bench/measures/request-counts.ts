/** What one read of ours costs upstream, counted by the org and the stand-in themselves. */
import { type Asked, askedDuring } from '../counting.ts'
import { warmContainer } from '../processes.ts'
import type { Rig } from '../rig.ts'
import type { Row } from '../row.ts'

const FIRST_CALLS = 50

interface Counts {
  readonly org: number
  readonly secrets: number
  readonly ledger: number
}

export async function requestCountRows(rig: Rig): Promise<Row[]> {
  const container = () =>
    warmContainer(rig.builds.process('warm'), rig.builds.ours('get-license-user'), rig.env)
  const calm = container()
  const crowded = container()
  const order = (calls: number, atOnce: number) => ({ events: [rig.readEvent], calls, atOnce })
  try {
    const cold = await askedDuring(rig.servers, () => calm.run(order(1, 1)))
    const warm = await askedDuring(rig.servers, () => calm.run(order(1, 1)))
    const crowd = await askedDuring(rig.servers, () => crowded.run(order(FIRST_CALLS, FIRST_CALLS)))
    return [
      row('requests of a cold read', cold, { org: 1, secrets: 1, ledger: 0 }),
      row('requests of a warm read', warm, { org: 1, secrets: 0, ledger: 0 }),
      row(`requests of ${FIRST_CALLS} first reads at once`, crowd, {
        org: FIRST_CALLS,
        secrets: 1,
        ledger: 0,
      }),
    ]
  } finally {
    await Promise.all([calm.stop(), crowded.stop()])
  }
}

function row(measure: string, { org, aws, ledger }: Asked, wanted: Counts): Row {
  const text = (counts: Counts) =>
    `${counts.org} to Genesys, ${counts.secrets} of GetSecretValue, ${counts.ledger} to the ledger`
  const found = text({ org: org.length, secrets: aws.length, ledger: ledger.length })
  return { measure, ours: found, rival: '', must: text(wanted), isMet: found === text(wanted) }
}
