/** The org's bills: which contracts there are to be seen, and how its reports come about. */
import { seededUuid } from '../people/seeded.ts'
import type { BilledBy } from './charges.ts'
import { type ContractMonth, type Day, dayOf, monthsAfter, msOf, periodsUntil } from './periods.ts'

/** A contract; everything has a default. */
export interface ContractOptions {
  /** Default 2025-01-15; years of twelve months follow each other until one ends in the future. */
  readonly starts?: Day
  /** Its last day, where it is over. */
  readonly ended?: Day
  /** Default named. */
  readonly counting?: BilledBy
  /** What is paid for, by license id; default as many as held it to begin with, up to the next five. */
  readonly seats?: Readonly<Record<string, number>>
  /** For whom: this org (the default), this and another one, or another one alone. */
  readonly covers?: 'ours' | 'shared' | 'others'
  /** Without most of what is optional. */
  readonly isSparse?: boolean
  /** How a period's end is told, which no source documents: its last day (the default), the day after, or instants. */
  readonly dates?: 'lastDay' | 'nextDay' | 'instants'
}

export interface BillingOptions {
  /** What billing tells of contracts: 403 (the default), 404, none, or these. */
  readonly contracts?: 'forbidden' | 'missing' | 'empty' | readonly ContractOptions[]
  /** So often a report of usage is in progress before it is complete; default 1. */
  readonly looksAtUsage?: number
  /** What a report of usage calls people, which no source documents; default email. */
  readonly usageNames?: 'email' | 'id'
}

/** Who an organization is on a bill. */
export interface OrgName {
  readonly id: string
  readonly name: string
}

/** What an embedded org is, unless told otherwise. */
export const EMBEDDED_ORG_NAME: OrgName = {
  id: '0a6c9a1e-5b7c-4f43-9d51-3f1d2c7b8e90',
  name: 'Embedded org',
}

export interface OrgContract extends Required<Omit<ContractOptions, 'ended' | 'seats'>> {
  readonly id: string
  /** Undefined for the default. */
  readonly seats: ContractOptions['seats']
  readonly lastDay: Day
  readonly isActive: boolean
  /** The periods that have begun. */
  readonly periods: readonly ContractMonth[]
  readonly idOf: (period: ContractMonth) => string
}

const MONTHS_A_TERM = 12

/** One org's bills. */
export function createBilling(org: OrgName, options: BillingOptions = {}) {
  const { contracts = 'forbidden', looksAtUsage = 1, usageNames = 'email' } = options
  const looks = new Map<string, number>()
  return {
    org,
    usageNames,
    /** How the first contract counts. */
    counting: (typeof contracts === 'string' ? undefined : contracts[0]?.counting) ?? 'named',
    /** The contracts as they stand at that time, or why they are not to be seen. */
    contractsAt: (nowMs: number): 'forbidden' | 'missing' | readonly OrgContract[] => {
      if (contracts === 'forbidden' || contracts === 'missing') return contracts
      return contracts === 'empty' ? [] : contracts.map((each, index) => contractAt(each, index, nowMs))
    },
    /** Somebody looks at a report of usage; whether it is complete by now. */
    lookAtUsage(range: string): boolean {
      const looked = looks.get(range) ?? 0
      looks.set(range, looked + 1)
      return looked >= looksAtUsage
    },
    reset: () => looks.clear(),
  }
}

export type OrgBilling = ReturnType<typeof createBilling>

function contractAt(options: ContractOptions, index: number, nowMs: number): OrgContract {
  const { starts = '2025-01-15', ended, counting = 'named', seats } = options
  const { covers = 'ours', isSparse = false, dates = 'lastDay' } = options
  const lastDay = ended ?? lastDayOfTerm(starts, nowMs)
  return {
    id: `US-${String(10_293 + index).padStart(8, '0')}`,
    starts,
    lastDay,
    isActive: msOf(starts) <= nowMs && dayOf(nowMs) <= lastDay,
    counting,
    seats,
    covers,
    isSparse,
    dates,
    periods: periodsUntil(starts, lastDay, nowMs),
    idOf: ({ number }) => seededUuid(index * 1_000 + number, 0x3c6ef372),
  }
}

function lastDayOfTerm(starts: Day, nowMs: number): Day {
  for (let months = MONTHS_A_TERM; ; months += MONTHS_A_TERM) {
    const next = msOf(monthsAfter(starts, months))
    if (next > nowMs) return dayOf(next - 1)
  }
}
