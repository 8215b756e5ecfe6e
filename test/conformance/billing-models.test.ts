/** What billing's answers have, held against the official SDK's own models: what ours read of them, and what the embedded org tells. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type {
  BillingCharge,
  BillingContract,
  BillingPeriod,
  readPeriodDetail,
  readUsageReport,
} from '../../lib/genesys/models/billing-answers.ts'
import { callerOf, orgForTest } from '../infra/local/org/org-client.ts'

const typings = readFileSync(
  join(import.meta.dirname, '../../node_modules/purecloud-platform-client-v2/index.d.ts'),
  'utf8',
)

/** The fields of one of the SDK's models. */
function fieldsOf(model: string): readonly string[] {
  const [, body] = new RegExp(`interface ${model} \\{([^}]*)\\}`).exec(typings) ?? []
  if (body === undefined) throw new Error(`The SDK has no model ${model}`)
  return [...body.matchAll(/"(\w+)"\??:/g)].map(([, name = '']) => name).sort()
}

/** Each field of a model of ours, all of them, or it does not compile. */
type Fields<Model> = Readonly<Record<keyof Model & string, true>>

const contract: Fields<BillingContract> = {
  id: true,
  externalNumber: true,
  status: true,
  dateStart: true,
  dateEnd: true,
  billingPeriods: true,
  plans: true,
}
const period: Fields<BillingPeriod> = { id: true, dateStart: true, dateEnd: true, status: true }
const detail: Fields<ReturnType<typeof readPeriodDetail>> = { ...period, charges: true }
const charge: Fields<BillingCharge> = {
  name: true,
  product: true,
  organizations: true,
  prepaidQuantity: true,
  fairuseQuantity: true,
  actualQuantity: true,
  overageQuantity: true,
}
const report: Fields<ReturnType<typeof readUsageReport>> = { status: true, usages: true }

describe('our models', () => {
  it.each([
    ['BillingContract', contract],
    ['BillingContractPeriod', period],
    ['BillingContractPeriodDetail', detail],
    ['BillingCharge', charge],
    ['BillingUsageReport', report],
  ])('read nothing of a %s that the SDK does not have', (model, ours) => {
    expect(fieldsOf(model)).toEqual(expect.arrayContaining(Object.keys(ours)))
  })

  it('read no price: of a charge they leave out rates, amounts, currency and tokens', () => {
    expect(fieldsOf('BillingCharge').filter((name) => !Object.hasOwn(charge, name))).toEqual([
      'convertedTokenCount',
      'id',
      'overageCharge',
      'overageCurrency',
      'overageRate',
      'tokenConversionRate',
    ])
  })
})

describe('the embedded org', () => {
  it('tells of a contract, a period, a charge and a report all that the SDK has of them, and nothing else', async () => {
    const org = await orgForTest({ users: 60, billing: { contracts: [{}], looksAtUsage: 0 } })
    const caller = await callerOf(org, org.clients.reader, '/api/v2/billing')
    const get = async (path: string) => (await caller.get(path)).json
    const listing = await get('/contracts')
    const [told] = listing.entities
    const [open] = told.billingPeriods
    const found = await get(`/contracts/${told.id}/billingperiods/${open.id}`)
    const usage = await get(
      '/reports/billableusage?startDate=2026-11-01T00:00:00Z&endDate=2026-11-15T00:00:00Z',
    )
    const of = (value: object) => Object.keys(value).sort()
    expect(fieldsOf('BillingContractListing')).toEqual(expect.arrayContaining(of(listing)))
    expect(of(told)).toEqual(fieldsOf('BillingContract'))
    expect(of(told.endCustomer)).toEqual(fieldsOf('Customer'))
    expect(of(told.plans[0])).toEqual(fieldsOf('BillingPlan'))
    expect(of(told.plans[0].items[0])).toEqual(fieldsOf('BillingPlanItem'))
    expect(of(open)).toEqual(fieldsOf('BillingContractPeriod'))
    expect(of(found)).toEqual(fieldsOf('BillingContractPeriodDetail'))
    // What is paid in tokens has these two besides, and no license is.
    expect([...of(found.charges[0]), 'convertedTokenCount', 'tokenConversionRate'].sort()).toEqual(
      fieldsOf('BillingCharge'),
    )
    expect(of(found.charges[0].product)).toEqual(fieldsOf('BillingProduct'))
    expect(of(found.wallets[0])).toEqual(fieldsOf('BillingWallet'))
    expect(of(usage)).toEqual(fieldsOf('BillingUsageReport'))
    expect(of(usage.usages[0])).toEqual(fieldsOf('BillingUsage'))
    expect(of(usage.usages[0].resources[0])).toEqual(fieldsOf('BillingUsageResource'))
  })
})
