/**
 * What Genesys's billing tells of contracts, their periods and billable usage (SDK 262, August 2026; contracts are a preview
 * there and may change without notice). Prices, rates and amounts are in its answers and in none of these models: what is
 * not named here is dropped as an answer is read. Every field is optional upstream, and one of another type than
 * documented counts as not told, since a preview that changes must not take the rest with it.
 */
import * as z from 'zod/mini'

/** What is told where it has the form that is documented, else undefined. */
const told = <S extends z.ZodMiniType>(schema: S) => z.catch(z.optional(schema), undefined)
const text = told(z.string())
const quantity = told(z.number())
/** Of a list, the elements that can be read: one that cannot be is left out and takes nothing with it. */
const listOf = <S extends z.ZodMiniType>(schema: S) =>
  told(
    z.pipe(
      z.array(z.unknown()),
      z.transform((each: unknown[]) =>
        each.flatMap((element) => {
          const { success, data } = z.safeParse(schema, element)
          return success ? [data] : []
        }),
      ),
    ),
  )

const Organizations = listOf(z.object({ id: text }))

const BillingPeriod = z.object({ id: z.string(), dateStart: text, dateEnd: text, status: text })
export type BillingPeriod = z.output<typeof BillingPeriod>

const BillingContract = z.object({
  id: z.string(),
  externalNumber: text,
  status: text,
  dateStart: text,
  dateEnd: text,
  billingPeriods: listOf(BillingPeriod),
  plans: listOf(z.object({ organizations: Organizations })),
})
export type BillingContract = z.output<typeof BillingContract>

const BillingCharge = z.object({
  name: text,
  product: told(z.object({ name: text, unitOfMeasure: text })),
  organizations: Organizations,
  prepaidQuantity: quantity,
  fairuseQuantity: quantity,
  actualQuantity: quantity,
  overageQuantity: quantity,
})
export type BillingCharge = z.output<typeof BillingCharge>

/** One page of contracts. */
const ContractListing = z.object({ entities: listOf(BillingContract), nextUri: text })

const PeriodDetail = z.object({
  id: text,
  dateStart: text,
  dateEnd: text,
  status: text,
  charges: listOf(BillingCharge),
})

/** `totalUsage` is a decimal number as text. */
const UsageReport = z.object({
  status: text,
  usages: listOf(
    z.object({
      name: z.string(),
      totalUsage: told(z.union([z.string(), z.number()])),
      resources: listOf(z.object({ name: z.string(), date: text })),
    }),
  ),
})

/** Whatever an answer is, so long as it is an object: what is in it is read by the models below. */
export const AnyObject = z.looseObject({})

const read =
  <S extends z.ZodMiniType>(schema: S) =>
  (answer: object): z.output<S> =>
    z.parse(schema, answer)

export const readContractListing = read(ContractListing)
export const readPeriodDetail = read(PeriodDetail)
export const readUsageReport = read(UsageReport)

/** @returns undefined for what is no contract. */
export function readContract(answer: object): BillingContract | undefined {
  return z.safeParse(BillingContract, answer).data
}
