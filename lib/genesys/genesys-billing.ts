/** Genesys's billing, asked over HTTP. Prices are dropped as answers are read (models/billing-answers.ts) and get no further. */
import { GatewayError } from '../errors.ts'
import { TransportError } from '../transport/transport.ts'
import type {
  BillableUsage,
  BilledPeriod,
  Billing,
  BillingAnswer,
  Charge,
  Contract,
  ContractPeriod,
  Contracts,
  Covers,
} from './billing.ts'
import {
  AnyObject,
  type BillingCharge,
  type BillingContract,
  type BillingPeriod,
  readContract,
  readContractListing,
  readPeriodDetail,
  readUsageReport,
} from './models/billing-answers.ts'
import type { Scope } from './scope.ts'
import { sendRead } from './send-read.ts'

const BILLING = '/api/v2/billing'

/** Largest page of contracts that upstream serves. */
const CONTRACTS_A_PAGE = 10

/** An org has a handful of contracts, the ones that ended included. */
const MAX_PAGES = 5

/** Genesys asks for some seconds between two looks at a report that it is still making; each wait is twice the one before. */
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 15_000

/** Looks at one report: a minute's worth. Whoever needs it asks again later. */
const MAX_LOOKS = 7

/** Kept of the deadline for one more look. Milliseconds. */
const LOOK_MS = 1_000

/** A report names everybody who is billed, in some 70 bytes each: room for 200,000, which a function's memory has too. */
const MAX_REPORT_BYTES = 16 * 1024 * 1024

/** A cursor longer than that is none that is sent back. Characters. */
const MAX_CURSOR = 1_000

/** Genesys's billing, bound to one call of ours: its token, its deadline, its observations. */
export class GenesysBilling implements Billing {
  readonly #scope: Scope
  readonly #orgId: string

  /** @param orgId this org's, by which contracts and charges of others are left out. */
  constructor(scope: Scope, orgId: string) {
    // What an org may not see it need not see: a 403 is an answer here, and no fault that anybody is paged for.
    this.#scope = { ...scope, isOptional: true }
    this.#orgId = orgId.toLowerCase()
  }

  contracts(): Promise<BillingAnswer<Contracts>> {
    return this.#answer('billing contracts', async () => {
      const { found, isCutShort } = await this.#everyContract()
      const contracts: Contract[] = []
      for (const each of found) {
        const contract = each.billingPeriods === undefined ? await this.#contractOf(each) : each
        const covers = this.#coversOf((contract.plans ?? []).flatMap((plan) => plan.organizations ?? []))
        if (covers !== undefined) contracts.push(contractOf(contract, covers))
      }
      return contracts.length === 0 ? undefined : { contracts, isCutShort }
    })
  }

  period({
    id,
    contractId,
  }: Pick<ContractPeriod, 'id' | 'contractId'>): Promise<BillingAnswer<BilledPeriod>> {
    const what = 'charges of that billing period'
    return this.#answer(what, async () => {
      const path = `${BILLING}/contracts/${segmentOf(contractId)}/billingperiods/${segmentOf(id)}`
      const detail = readPeriodDetail(await this.#get(path))
      const charges = (detail.charges ?? []).flatMap((each) => this.#chargeOf(each) ?? [])
      if (charges.length === 0) return undefined
      return { ...periodOf({ ...detail, id }, contractId), charges }
    })
  }

  async billableUsage(
    fromMs: number,
    untilMs: number,
    canWait = true,
  ): Promise<BillingAnswer<readonly BillableUsage[]>> {
    const [from, until] = [fromMs, untilMs].map((ms) => encodeURIComponent(new Date(ms).toISOString()))
    const path = `${BILLING}/reports/billableusage?startDate=${from}&endDate=${until}`
    let isReady = true
    const answer = await this.#answer('billable usage', async () => {
      const report = await this.#finishedReport(path, canWait ? MAX_LOOKS : 1)
      isReady = report !== undefined
      const usages = (report?.usages ?? []).map(usageOf)
      return usages.length === 0 ? undefined : usages
    })
    if (isReady) return answer
    const because = 'Genesys is still making its report of billable usage; ask again in some minutes'
    return { isAvailable: false, why: 'notReady', because }
  }

  /** The same request until the report is complete. @returns undefined where it was not in time. */
  async #finishedReport(path: string, most: number) {
    const { clock, deadline } = this.#scope
    let waitMs = FIRST_WAIT_MS
    for (let looks = 1; ; looks++) {
      const report = readUsageReport(await this.#get(path, MAX_REPORT_BYTES))
      if (report.status !== 'InProgress') return report
      if (looks === most || deadline.remainingMs() < waitMs + LOOK_MS) return undefined
      await clock.sleep(waitMs)
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
    }
  }

  /** Each once, in upstream's order. */
  async #everyContract() {
    const found = new Map<string, BillingContract>()
    const cursors = new Set<string>()
    let cursor: string | undefined
    for (let pages = 1; ; pages++) {
      const after = cursor === undefined ? '' : `&after=${encodeURIComponent(cursor)}`
      const answer = await this.#get(`${BILLING}/contracts?pageSize=${CONTRACTS_A_PAGE}${after}`)
      const { entities = [], nextUri } = readContractListing(answer)
      for (const each of entities) if (!found.has(each.id)) found.set(each.id, each)
      cursor = cursorIn(nextUri)
      const isLast = cursor === undefined || cursors.has(cursor)
      if (isLast || pages === MAX_PAGES) return { found: [...found.values()], isCutShort: !isLast }
      if (cursor !== undefined) cursors.add(cursor)
    }
  }

  /** As its own address tells it; as the list does where that address has nothing. */
  async #contractOf(listed: BillingContract): Promise<BillingContract> {
    try {
      const answer = await this.#get(`${BILLING}/contracts/${segmentOf(listed.id)}`)
      return readContract(answer) ?? listed
    } catch (error) {
      if (whyOf(error) === undefined) throw error
      return listed
    }
  }

  async #get(path: string, maxBodyBytes?: number): Promise<object> {
    const call = { method: 'GET', path, ...(maxBodyBytes !== undefined && { maxBodyBytes }) } as const
    return await sendRead(this.#scope, call, AnyObject)
  }

  /** @param read undefined is nothing. */
  async #answer<T>(what: string, read: () => Promise<T | undefined>): Promise<BillingAnswer<T>> {
    const readAtMs = this.#scope.clock.nowMs()
    try {
      const value = await read()
      if (value !== undefined) return { isAvailable: true, value, readAtMs }
      return { isAvailable: false, why: 'empty', because: `Genesys tells no ${what} for this org` }
    } catch (error) {
      const why = whyOf(error)
      if (why === undefined) throw error
      return { isAvailable: false, why, because: becauseOf(why, what) }
    }
  }

  #chargeOf(charge: BillingCharge): Charge | undefined {
    const name = charge.name ?? charge.product?.name
    const covers = this.#coversOf(charge.organizations ?? [])
    if (name === undefined || covers === undefined) return undefined
    return {
      name,
      unitOfMeasure: charge.product?.unitOfMeasure,
      prepaid: charge.prepaidQuantity,
      fairuse: charge.fairuseQuantity,
      actual: charge.actualQuantity,
      overage: charge.overageQuantity,
      covers,
    }
  }

  /** @returns undefined for what is for others alone. */
  #coversOf(organizations: readonly { readonly id?: string | undefined }[]): Covers | undefined {
    const ids = new Set(organizations.flatMap(({ id }) => id?.toLowerCase() ?? []))
    if (ids.size === 0) return 'untold'
    if (!ids.has(this.#orgId)) return undefined
    return ids.size === 1 ? 'ours' : 'shared'
  }
}

function contractOf(contract: BillingContract, covers: Covers): Contract {
  const { id, externalNumber, status, dateStart, dateEnd, billingPeriods = [] } = contract
  return {
    id,
    externalNumber,
    isActive: status === 'Active' || (status === 'Inactive' ? false : undefined),
    start: dateStart,
    end: dateEnd,
    covers,
    periods: billingPeriods.map((each) => periodOf(each, id)),
  }
}

function periodOf({ id, dateStart, dateEnd, status }: BillingPeriod, contractId: string): ContractPeriod {
  return {
    id,
    contractId,
    start: dateStart,
    end: dateEnd,
    status: status === 'Open' ? 'open' : status === 'Closed' ? 'closed' : undefined,
  }
}

type Usage = NonNullable<ReturnType<typeof readUsageReport>['usages']>[number]

function usageOf({ name, totalUsage, resources = [] }: Usage): BillableUsage {
  const total = /^-?\d+(\.\d+)?$/.test(String(totalUsage ?? '')) ? Number(totalUsage) : undefined
  return { name, total, resources: resources.map((each) => ({ name: each.name, firstSeen: each.date })) }
}

/** `nextUri` names the next page's cursor; whatever else is in it is not followed. */
function cursorIn(nextUri: string | undefined): string | undefined {
  if (nextUri === undefined) return undefined
  const cursor = new URLSearchParams(nextUri.split('?')[1]).get('after')
  return cursor && cursor.length <= MAX_CURSOR ? cursor : undefined
}

/** An id of upstream's as one segment of a path: contracts have numbers that no grammar is documented of. */
function segmentOf(id: string): string {
  if (/^\.{0,2}$/.test(id)) {
    throw new GatewayError('not.found', 'Genesys tells an id that no address can be made of', {
      upstreamStatus: 404,
    })
  }
  return encodeURIComponent(id)
}

function whyOf(error: unknown): 'forbidden' | 'notFound' | 'tooLarge' | undefined {
  if (!(error instanceof GatewayError)) return undefined
  if (error.code === 'upstream.forbidden') return 'forbidden'
  if (error.cause instanceof TransportError && error.cause.fault === 'too.large') return 'tooLarge'
  return error.code === 'not.found' ? 'notFound' : undefined
}

function becauseOf(why: 'forbidden' | 'notFound' | 'tooLarge', what: string): string {
  if (why === 'tooLarge') return `Genesys tells more ${what} than is read at once`
  return why === 'forbidden'
    ? `Genesys refuses ${what} (status 403): the OAuth client's role needs billing:subscription:view, and an org may not see them even with it`
    : `Genesys has no ${what} for this org (status 404)`
}
