/**
 * What is known of Genesys's billing: contracts with their periods, what a period charges, billable usage. Contracts are a
 * preview upstream, and no source says which orgs see them: so a 403, a 404 and an empty answer are answers, each of its own,
 * and no failures. There are no prices in it. Behind it stands `genesys-billing.ts`.
 */

/** Billing has told something, or why it has nothing for this org. Whatever else goes wrong is a GatewayError. */
export type BillingAnswer<T> =
  | { readonly isAvailable: true; readonly value: T; readonly readAtMs: number }
  | Unavailable

export interface Unavailable {
  readonly isAvailable: false
  /**
   * `forbidden`: status 403; `notFound`: 404; `empty`: nothing in the answer; `notReady`: Genesys is still making the report;
   * `tooLarge`: the report names more than is read.
   */
  readonly why: 'forbidden' | 'notFound' | 'empty' | 'notReady' | 'tooLarge'
  /** That in a sentence, for operators. */
  readonly because: string
}

/**
 * For whom something is, as Genesys names organizations: this org alone; this org and others, so that a quantity is
 * theirs together; nobody is named.
 */
export type Covers = 'ours' | 'shared' | 'untold'

export interface Contract {
  readonly id: string
  /** The number that people know the contract by. */
  readonly externalNumber?: string | undefined
  /** Undefined where Genesys tells another status than Active and Inactive, or none. */
  readonly isActive: boolean | undefined
  /** As Genesys gives them. */
  readonly start?: string | undefined
  readonly end?: string | undefined
  /** By the organizations of its plans; a contract for others alone is left out. */
  readonly covers: Covers
  /** As Genesys lists them. */
  readonly periods: readonly ContractPeriod[]
}

export interface ContractPeriod {
  readonly id: string
  readonly contractId: string
  /** As Genesys gives them; whether the end is the last day or the one after is not documented. */
  readonly start?: string | undefined
  readonly end?: string | undefined
  readonly status?: 'open' | 'closed' | undefined
}

/** All that could be read of them. */
export interface Contracts {
  readonly contracts: readonly Contract[]
  /** There were more pages than are read. */
  readonly isCutShort: boolean
}

/** One line of a period. Quantities that Genesys has not told are absent, and never zero. */
export interface Charge {
  /** As Genesys has it, e.g. `Genesys Cloud CX 3 Named`. */
  readonly name: string
  readonly unitOfMeasure?: string | undefined
  readonly prepaid?: number | undefined
  readonly fairuse?: number | undefined
  readonly actual?: number | undefined
  readonly overage?: number | undefined
  readonly covers: Covers
}

export interface BilledPeriod extends ContractPeriod {
  /** Those of this org: charges of others are left out, and what has no name. */
  readonly charges: readonly Charge[]
}

/** What billing counted of one charge from a time to another. */
export interface BillableUsage {
  readonly name: string
  /** Absent where it is no number. */
  readonly total?: number | undefined
  /** Whom or what it counted; `name` is an e-mail, an id or a device's ([?]). */
  readonly resources: readonly {
    readonly name: string
    /** When billing first saw it, as Genesys gives it. */
    readonly firstSeen?: string | undefined
  }[]
}

/** The port. Each method throws GatewayError where upstream fails. */
export interface Billing {
  contracts(): Promise<BillingAnswer<Contracts>>
  /** What one period charges so far. */
  period(period: Pick<ContractPeriod, 'id' | 'contractId'>): Promise<BillingAnswer<BilledPeriod>>
  /**
   * Reaches to the day before.
   *
   * @param fromMs, untilMs epoch milliseconds.
   * @param canWait whether a report that Genesys is still making is waited for, as long as the deadline lets it; default true.
   */
  billableUsage(
    fromMs: number,
    untilMs: number,
    canWait?: boolean,
  ): Promise<BillingAnswer<readonly BillableUsage[]>>
}
