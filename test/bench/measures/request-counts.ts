/** What one call of ours costs upstream, counted by the org and the stand-in themselves. */
import { warmContainer } from '../processes.ts'
import type { Rig } from '../rig.ts'
import type { Row } from '../row.ts'

const FIRST_CALLS = 50

interface Counts {
  readonly org: number
  readonly secrets: number
}

export async function requestCountRows(rig: Rig): Promise<Row[]> {
  const container = () =>
    warmContainer(rig.builds.process('warm'), rig.builds.ours('get-license-user'), rig.env)
  const calm = container()
  const crowded = container()
  const order = (calls: number, atOnce: number) => ({ event: rig.readEvent, calls, atOnce })
  try {
    const cold = await counted(rig, () => calm.run(order(1, 1)))
    const warm = await counted(rig, () => calm.run(order(1, 1)))
    const crowd = await counted(rig, () => crowded.run(order(FIRST_CALLS, FIRST_CALLS)))
    return [
      row('requests of a cold read', cold, { org: 1, secrets: 1 }),
      row('requests of a warm read', warm, { org: 1, secrets: 0 }),
      row(`requests of ${FIRST_CALLS} first reads at once`, crowd, { org: FIRST_CALLS, secrets: 1 }),
    ]
  } finally {
    await Promise.all([calm.stop(), crowded.stop()])
  }
}

async function counted({ servers }: Rig, run: () => Promise<unknown>): Promise<Counts> {
  const count = async (url: string) => ((await (await fetch(url)).json()) as unknown[]).length
  const now = async () => ({
    org: await count(`${servers.org}/__org/requests`),
    secrets: await count(`${servers.aws}/__aws/requests`),
  })
  await fetch(`${servers.org}/__org/reset`, { method: 'POST' })
  const before = await now()
  await run()
  const after = await now()
  return { org: after.org - before.org, secrets: after.secrets - before.secrets }
}

function row(measure: string, found: Counts, wanted: Counts): Row {
  const text = ({ org, secrets }: Counts) => `${org} to Genesys, ${secrets} of GetSecretValue`
  return { measure, ours: text(found), rival: '', must: text(wanted), isMet: text(found) === text(wanted) }
}
