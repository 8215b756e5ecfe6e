/** Which operations this org's upstream honours today, found by looking and never by writing. */
import { GatewayError } from '../errors.ts'
import type { Billing, BillingAnswer } from '../genesys/billing.ts'
import type { Capabilities } from './answers/write-schemas.ts'
import type { PlanningDesk } from './record/desk.ts'
import type { Ledger } from './record/ledger.ts'
import { readPause } from './record/read-pause.ts'

type Capability = Capabilities['entities'][number]

/** Changes of a kind that are looked back at for what writing did. */
const LOOK_BACK = 25

/** Of so many days a report of usage is asked for: somebody has worked on one of them. */
const USAGE_DAYS = 7

const DAY_MS = 86_400_000

/** @throws GatewayError `ledger.unavailable` */
export async function readCapabilities(desk: PlanningDesk, billing: Billing): Promise<Capabilities> {
  const { genesys, clock } = desk
  const definitions = await probe('getLicenseDefinitions', async () => {
    const found = await genesys.getDefinitions()
    return `Genesys listed ${found.length} definitions`
  })
  const users = await probe('getLicenseUsers', async () => {
    const { total } = await genesys.getUsers({ pageSize: 1, pageNumber: 1 })
    return `Genesys listed users${total === undefined || total === null ? '' : `, ${total} in all`}`
  })
  const infer = await probe('postLicenseInfer', async () => {
    await genesys.inferFromRoles([])
    return 'Genesys answered for an empty list of roles'
  })
  const preview = await probe('postLicenseInferPermissions', async () => {
    await genesys.inferFromPermissions([])
    return 'Genesys answered for an empty list of permissions'
  })
  const organization: Capability = {
    operation: 'getLicenseOrganization',
    honoured: users.honoured,
    because: 'Genesys removed it in 2019; the gateway folds it from getLicenseUsers',
  }
  const [assigning, switching] = [await writesOfAssignments(desk), await writesOfToggles(desk)]
  return {
    entities: [
      definitions,
      users,
      organization,
      assigning,
      switching,
      infer,
      preview,
      await contractsOf(billing),
      await usageOf(billing, clock.nowMs()),
    ],
    writes: (await readPause(desk)) ? 'paused' : 'running',
    at: new Date(clock.nowMs()).toISOString(),
  }
}

function contractsOf(billing: Billing): Promise<Capability> {
  return probeBilling('getBillingContracts', 'no', async () => {
    const answer = await billing.contracts()
    if (!answer.isAvailable) return answer
    const { contracts } = answer.value
    const active = contracts.filter(({ isActive }) => isActive).length
    return `Genesys tells of billing contracts for this org; active: ${active}, in all: ${contracts.length}`
  })
}

/** The report is not waited for: that Genesys makes it is what is to be known. */
function usageOf(billing: Billing, nowMs: number): Promise<Capability> {
  const untilMs = Math.floor(nowMs / DAY_MS) * DAY_MS
  return probeBilling('getBillingReportsBillableusage', 'unknown', async () => {
    const answer = await billing.billableUsage(untilMs - USAGE_DAYS * DAY_MS, untilMs, false)
    if (!answer.isAvailable) return answer
    return `Genesys reports billable usage of ${answer.value.length} charges in the last ${USAGE_DAYS} days`
  })
}

type NotAvailable = Extract<BillingAnswer<unknown>, { readonly isAvailable: false }>

/** @param ofNothing what it says of the operation that its answer is empty. */
async function probeBilling(
  operation: string,
  ofNothing: Capability['honoured'],
  look: () => Promise<string | NotAvailable>,
): Promise<Capability> {
  let notAvailable: NotAvailable | undefined
  const seen = await probe(operation, async () => {
    const found = await look()
    if (typeof found === 'string') return found
    notAvailable = found
    return found.because
  })
  if (!notAvailable) return seen
  const { why } = notAvailable
  return { ...seen, honoured: why === 'notReady' ? 'yes' : why === 'empty' ? ofNothing : 'no' }
}

async function probe(operation: string, look: () => Promise<string>): Promise<Capability> {
  try {
    return { operation, honoured: 'yes', because: await look() }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const isRefused =
      error.upstreamStatus !== undefined && error.upstreamStatus < 500 && error.upstreamStatus !== 429
    return {
      operation,
      honoured: isRefused ? 'no' : 'unknown',
      because: `Looking failed: ${error.message}`,
    }
  }
}

const NEVER_TRIED = 'No change of this org tells yet; writing is not tried for the sake of knowing'

async function writesOfAssignments(desk: PlanningDesk): Promise<Capability> {
  const operation = 'postLicenseOrganization'
  const last = await lastOf(desk, 'assignments', ['APPLIED', 'PARTIAL'])
  return last
    ? { operation, honoured: 'yes', because: `The change ${last.id} was read back as applied` }
    : { operation, honoured: 'unknown', because: NEVER_TRIED }
}

/** Whoever has the record's list. */
export interface Lister {
  readonly ledger: Pick<Ledger, 'list'>
}

/** Whether switching is seen to take effect, by the newest change that tells. @throws GatewayError `ledger.unavailable` */
export async function writesOfToggles(desk: Lister): Promise<Capability> {
  const operation = 'postLicenseToggle'
  const last = await lastOf(desk, 'toggle', ['APPLIED', 'NO_EFFECT'])
  if (!last) {
    const because = `${NEVER_TRIED}. Genesys documents since 2023-07-26 that toggles read true and switching has no effect`
    return { operation, honoured: 'unknown', because }
  }
  return last.state === 'APPLIED'
    ? { operation, honoured: 'yes', because: `The change ${last.id} was read back as applied` }
    : { operation, honoured: 'no', because: `The change ${last.id} was answered 2xx and had no effect` }
}

/** The newest change of the kind that tells. */
async function lastOf(
  { ledger }: Lister,
  kind: 'toggle' | 'assignments',
  states: ('APPLIED' | 'PARTIAL' | 'NO_EFFECT')[],
) {
  const { headers } = await ledger.list({ filter: { states }, limit: LOOK_BACK })
  return headers.filter((header) => header.kind === kind).sort((a, b) => b.updatedAtMs - a.updatedAtMs)[0]
}
