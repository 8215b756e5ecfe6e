/**
 * The port of what Genesys's billing has said, kept: its contracts' periods, what they charge, billable usage. Whoever asks
 * for seats reads these and causes no request; `keep-billing.ts` renews them once a day. No price is in them.
 */
import type { Charge, ContractPeriod, Unavailable } from '../genesys/billing.ts'
import type { SeatsFrom } from './seats-port.ts'

/** A period of a contract, as it was last listed. */
export interface KeptPeriod extends ContractPeriod {
  /** When billing listed it last, epoch milliseconds. */
  readonly toldAtMs?: number | undefined
  /** When its charges were last asked for, whatever the answer was, epoch milliseconds. */
  readonly readAtMs?: number | undefined
}

/** All that the last looks at billing came to. */
export interface BillingLook {
  /** One higher with each put. */
  readonly version: number
  /** When billing last answered, epoch milliseconds. */
  readonly atMs?: number | undefined
  /** Why it told no contracts then; absent where it did. */
  readonly why?: Unavailable['why'] | undefined
  /** What it told last, with the time of looking. */
  readonly contracts?: { readonly toldAtMs: number; readonly periods: readonly KeptPeriod[] } | undefined
  /** The UTC day of which all is asked for. */
  readonly doneDay?: string | undefined
  /** After a failure: not before that, epoch milliseconds. */
  readonly retryAtMs?: number | undefined
}

/** What a period charged when it was looked at, epoch milliseconds. */
export interface KeptCharges {
  readonly readAtMs: number
  readonly charges: readonly Omit<Charge, 'unitOfMeasure' | 'fairuse' | 'overage'>[]
}

/** What billing counted from one time to another, epoch milliseconds: of each name so many, and nobody by name. */
export interface KeptUsage {
  readonly fromMs: number
  readonly untilMs: number
  readonly readAtMs: number
  readonly usages: readonly { readonly name: string; readonly total?: number | undefined }[]
}

/**
 * Of all that is kept, what a day may need from the day on which it was put until the next look: so that seats of today take
 * one get.
 */
export interface BillingAtWork extends Pick<BillingLook, 'contracts'> {
  readonly charges: ReadonlyMap<string, KeptCharges>
  readonly usages: ReadonlyMap<string, KeptUsage>
}

/** From a day on so many were paid for, until the next one's. */
export interface PaidTerm {
  readonly fromDay: string
  /** Absent where from then on nobody told. */
  readonly seats?: number | undefined
  readonly seatsFrom: SeatsFrom
}

export interface PaidRecord {
  /** One higher with each put. */
  readonly version: number
  /** The UTC day on which it began. */
  readonly sinceDay: string
  /** By the license's id in lower case, the earliest first. */
  readonly terms: ReadonlyMap<string, readonly PaidTerm[]>
}

/** Each method throws GatewayError `ledger.unavailable`. */
export interface BillingRecords {
  look(): Promise<BillingLook | undefined>
  /**
   * Puts a look and what is at work by it, both or none.
   *
   * @returns false where another look was put since `seen` was read.
   */
  putLook(next: BillingLook, seen: BillingLook | undefined, atWork: BillingAtWork): Promise<boolean>
  /** Undefined where none was put yet, or one too large to keep: then all of it is in the look and under the periods' keys. */
  atWork(): Promise<BillingAtWork | undefined>
  /** By the periods' keys (`keyOfPeriod`), those that there are. */
  charges(keys: readonly string[]): Promise<ReadonlyMap<string, KeptCharges>>
  putCharges(key: string, kept: KeptCharges): Promise<void>
  usages(keys: readonly string[]): Promise<ReadonlyMap<string, KeptUsage>>
  putUsage(key: string, kept: KeptUsage): Promise<void>
  /** What was paid for, by days; undefined where nothing is noted yet. */
  paid(): Promise<PaidRecord | undefined>
  /** @returns false where another was put since `seen` was read. */
  putPaid(next: PaidRecord, seen: PaidRecord | undefined): Promise<boolean>
}

/** What a period's charges are kept under: Genesys's ids are documented as unique for no more than one contract. */
export function keyOfPeriod({ contractId, id }: Pick<ContractPeriod, 'contractId' | 'id'>): string {
  return JSON.stringify([contractId, id])
}
