/**
 * GET /api/v2/billing/contracts and what is below it. Fields and parameters are the contract's (SDK 262, a preview); in
 * which order contracts and periods are listed is not documented, and so of no use here.
 */
import type { OrgRefusal } from '../answers.ts'
import type { OrgCall, OrgOutcome } from '../call.ts'
import { DAY_MS } from '../people/logins.ts'
import { invalidValue, missingPermission, notFound } from '../refusals.ts'
import type { OrgBilling, OrgContract, OrgName } from './billing.ts'
import { CURRENCY, chargesOf, organizationsOf, wallet } from './charge-lines.ts'
import type { ContractMonth, Day } from './periods.ts'

export const CONTRACTS_PERMISSION = 'billing:subscription:view'

/** "Maximum of 10"; that it is the default too is our choice ([?]). */
const MAX_PAGE = 10

/** A page of contracts, by cursor. */
export function listContracts({ billing, nowMs, query }: OrgCall): OrgOutcome {
  const contracts = contractsIn(billing, nowMs)
  if ('refusal' in contracts) return contracts
  const size = Number(query.get('pageSize') ?? MAX_PAGE)
  if (!(Number.isInteger(size) && size >= 1 && size <= MAX_PAGE)) return { refusal: invalidValue('pageSize') }
  const wanted = contracts.value.filter((each) => isWanted(each, query))
  const from = startOf(wanted, query, size)
  if (from === undefined) return { refusal: invalidValue(query.has('after') ? 'after' : 'before') }
  const page = wanted.slice(from, from + size)
  const [first, last] = [page[0], page.at(-1)]
  return {
    value: {
      // What the list tells of periods is not documented either: a sparse contract's come by its own address alone.
      entities: page.map((each) => contractBody(billing, each, !each.isSparse)),
      ...(last && from + size < wanted.length && { nextUri: uriOf(size, 'after', last) }),
      selfUri: '/api/v2/billing/contracts',
      ...(first && from > 0 && { previousUri: uriOf(size, 'before', first) }),
    },
  }
}

/** One contract, by its number. */
export function getContract(call: OrgCall): OrgOutcome {
  const found = contractNamed(call)
  return 'refusal' in found ? found : { value: contractBody(call.billing, found.contract, true) }
}

/** One period of a contract, with what it charges. */
export function getPeriod(call: OrgCall): OrgOutcome {
  const found = contractNamed(call)
  if ('refusal' in found) return found
  const { billing, nowMs, truth, params } = call
  const { contract } = found
  const period = contract.periods.find((each) => contract.idOf(each) === params[1])
  if (!period) return { refusal: notFound }
  const charges = chargesOf(billing.org, contract, { truth, period, nowMs })
  const wallets = contract.isSparse ? undefined : [wallet(billing.org)]
  return { value: { ...periodBody(contract, period, nowMs), charges, wallets } }
}

function contractsIn(
  { contractsAt }: OrgBilling,
  nowMs: number,
): { readonly value: readonly OrgContract[] } | { readonly refusal: OrgRefusal } {
  const contracts = contractsAt(nowMs)
  if (contracts === 'forbidden') return { refusal: missingPermission(CONTRACTS_PERMISSION) }
  return contracts === 'missing' ? { refusal: notFound } : { value: contracts }
}

function contractNamed({
  billing,
  nowMs,
  params: [id],
}: OrgCall): { readonly contract: OrgContract } | { readonly refusal: OrgRefusal } {
  const contracts = contractsIn(billing, nowMs)
  if ('refusal' in contracts) return contracts
  const contract = contracts.value.find((each) => each.id === id)
  return contract ? { contract } : { refusal: notFound }
}

function isWanted(contract: OrgContract, query: URLSearchParams): boolean {
  const [status, number] = [query.get('status'), query.get('externalNumber')]
  const [start, end] = [query.get('dateStart') ?? '', query.get('dateEnd') ?? '9999-12-31']
  return (
    (status === null || status === statusOf(contract)) &&
    (number === null || number === externalNumberOf(contract)) &&
    contract.lastDay >= start &&
    contract.starts <= end
  )
}

const cursorOf = ({ id }: OrgContract) => Buffer.from(id).toString('base64url')

function uriOf(size: number, name: string, contract: OrgContract): string {
  return `/api/v2/billing/contracts?pageSize=${size}&${name}=${cursorOf(contract)}`
}

/** Where the page begins; undefined where the cursor is none of ours. */
function startOf(
  contracts: readonly OrgContract[],
  query: URLSearchParams,
  size: number,
): number | undefined {
  const [after, before] = [query.get('after'), query.get('before')]
  const placeOf = (cursor: string) => contracts.findIndex((each) => cursorOf(each) === cursor)
  if (after === null && before === null) return 0
  const place = placeOf(after ?? before ?? '')
  if (place < 0) return undefined
  return after === null ? Math.max(0, place - size) : place + 1
}

function statusOf({ isActive }: OrgContract): string {
  return isActive ? 'Active' : 'Inactive'
}

function externalNumberOf({ id }: OrgContract): string {
  return `Q-${id.slice(-6)}`
}

const customer = (name: string) => ({ id: '0014100001bQ2f3AAC', number: '104512', name })

function contractBody({ org }: OrgBilling, contract: OrgContract, hasPeriods: boolean) {
  const { id, starts, lastDay, isSparse, periods, dates } = contract
  const inOddOrder = [...periods.slice(-1), ...periods.slice(0, -1)]
  const billingPeriods = hasPeriods && inOddOrder.map((each) => periodBody(contract, each, undefined))
  const common = { id, ...(billingPeriods && { billingPeriods }) }
  if (isSparse) return common
  return {
    ...common,
    externalNumber: externalNumberOf(contract),
    status: statusOf(contract),
    commercialModel: 'Subscription',
    purchaseOrderNumbers: ['PO-4711'],
    billToCustomer: customer(org.name),
    soldToCustomer: customer(org.name),
    endCustomer: customer(org.name),
    dateStart: dateOf(starts, dates),
    dateEnd: endOf(lastDay, dates),
    dateRampStart: dateOf(starts, dates),
    dateRampEnd: dateOf(starts, dates),
    plans: [planOf(org, contract)],
  }
}

function planOf(org: OrgName, contract: OrgContract) {
  const { starts, lastDay, dates } = contract
  return {
    id: 'plan-1',
    name: 'Genesys Cloud',
    organizations: organizationsOf(org, contract),
    product: { id: 'product-1', sku: 'GC', name: 'Genesys Cloud', unitOfMeasure: 'User' },
    items: [
      {
        itemNumber: '00010',
        name: 'Genesys Cloud annual commitment',
        type: 'Recurring',
        function: 'Commitment',
        description: 'Annual commitment, paid in advance',
        currencyIsoCode: CURRENCY,
        discountAmount: 1_234.56,
        dateChargedThrough: dateOf(starts, dates),
        dateEffectiveStart: dateOf(starts, dates),
        dateEffectiveEnd: endOf(lastDay, dates),
        overagePrice: 155.07,
        price: 98_765.43,
        quantity: 1,
        unitOfMeasure: 'Each',
      },
    ],
  }
}

/** @param nowMs undefined in a list, which tells the status as well. */
function periodBody(contract: OrgContract, period: ContractMonth, nowMs: number | undefined) {
  const { dates, isSparse, periods, idOf } = contract
  const isOpen = nowMs === undefined ? period === periods.at(-1) : nowMs < period.untilMs
  return {
    id: idOf(period),
    dateStart: dateOf(period.start, dates),
    dateEnd: endOf(period.lastDay, dates),
    ...(!isSparse && { status: isOpen && contract.isActive ? 'Open' : 'Closed' }),
  }
}

function dateOf(day: Day, dates: OrgContract['dates']): string {
  return dates === 'instants' ? `${day}T00:00:00.000Z` : day
}

function endOf(lastDay: Day, dates: OrgContract['dates']): string {
  if (dates === 'lastDay') return lastDay
  const next = new Date(Date.parse(`${lastDay}T00:00:00Z`) + DAY_MS).toISOString()
  return dates === 'nextDay' ? next.slice(0, 10) : next
}
