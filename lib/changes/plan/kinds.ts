/** The two kinds of change, as far as they differ: how targets are read, how they are written, how an answer reads. */

import type { ApiCall } from '../../genesys/exchange.ts'
import { type GenesysReads, requireSameToggle } from '../../genesys/genesys-reads.ts'
import { modelOf } from '../../genesys/interpret-answer.ts'
import {
  LicenseOrgToggle,
  type LicensesByUser,
  LicenseUpdateStatuses,
} from '../../genesys/models/licenses.ts'
import type { TransportResponse } from '../../transport/transport.ts'
import { batchOf, type ChangeKind, type Holding, pairOf, type Reading, type Target } from '../model/change.ts'

/** What was read of a change's targets, in their order. */
export interface Readings {
  readonly values: readonly Reading[]
  /** All licenses of the users that upstream answered for. */
  readonly holdings?: readonly Holding[] | undefined
}

/** What a 2xx said of the targets that were sent, in their order. */
export interface WriteAnswer {
  /** The toggle's value after it; for assignments upstream names no value that could be read. */
  readonly values: readonly Reading[]
  readonly texts: readonly (string | null)[]
  /** Entries of the answer about what was not sent: they count for nothing, and are an anomaly. */
  readonly unasked: number
  /** Targets of which it says two unlike things: the same. */
  readonly contradicted: number
}

interface KindRules {
  /** Whether a second write of the same does no harm. */
  readonly isRepeatable: boolean
  /** @throws GatewayError */
  read(genesys: GenesysReads, targets: readonly Target[]): Promise<Readings>
  callOf(targets: readonly Target[]): ApiCall
  /** @throws GatewayError `upstream.bad.response` where the answer is none of the contract. */
  readAnswer(response: TransportResponse, targets: readonly Target[]): WriteAnswer
}

const toggle: KindRules = {
  // Its POST names no value: a second one would switch back.
  isRepeatable: false,

  async read(genesys, targets) {
    const values: Reading[] = []
    for (const target of targets) values.push((await genesys.getToggle(featureOf(target))).enabled)
    return { values }
  },

  callOf([target]) {
    const path = `/api/v2/license/toggles/${encodeURIComponent(featureOf(target))}`
    return { method: 'POST', path }
  },

  readAnswer(response, [target]) {
    const { enabled } = requireSameToggle(modelOf(response, LicenseOrgToggle), featureOf(target))
    return { values: [enabled], texts: [null], unasked: 0, contradicted: 0 }
  },
}

const assignments: KindRules = {
  isRepeatable: true,

  async read(genesys, targets) {
    const users = [...new Set(targets.map((target) => pairOf(target).userId))]
    if (users.length === 0) return { values: [], holdings: [] }
    const held = holdingsOf(await genesys.getUsersById(users))
    return {
      values: targets.map((target) => {
        const { userId, licenseId } = pairOf(target)
        return held.get(userId)?.includes(licenseId)
      }),
      holdings: users.flatMap((userId) => {
        const licenses = held.get(userId)
        return licenses ? [{ userId, licenses }] : []
      }),
    }
  },

  callOf(targets) {
    return { method: 'POST', path: '/api/v2/license/organization', body: batchOf(targets) }
  },

  readAnswer(response, targets) {
    const keys = targets.map((target) => {
      const { userId, licenseId } = pairOf(target)
      return keyOfPair(licenseId, userId)
    })
    const asked = new Set(keys)
    const texts = new Map<string, string | null>()
    const contradicted = new Set<string>()
    let unasked = 0
    for (const { userId, licenseId, result } of modelOf(response, LicenseUpdateStatuses)) {
      const key = keyOfPair(licenseId, userId)
      if (!asked.has(key)) unasked += 1
      const text = typeof result === 'string' ? keptOf(result) : null
      if (asked.has(key) && texts.has(key) && texts.get(key) !== text) contradicted.add(key)
      texts.set(key, text)
    }
    return {
      values: targets.map(() => undefined),
      // Two that contradict each other say nothing.
      texts: keys.map((key) => (contradicted.has(key) ? null : (texts.get(key) ?? null))),
      unasked,
      contradicted: contradicted.size,
    }
  },
}

/** As lists of licenses and people are matched, whatever case upstream writes an id in. */
function keyOfPair(licenseId?: string | null, userId?: string | null): string {
  return `${licenseId} ${userId}`.toLowerCase()
}

/** Characters kept of what Genesys says of one pair; what it may write there is documented nowhere. */
const MAX_TEXT_LENGTH = 200

/** As it is told now, kept, and told again: short, and without half a character at its end or anywhere else. */
function keptOf(text: string): string | null {
  if (text.trim() === '') return null
  return text.length <= MAX_TEXT_LENGTH
    ? text.toWellFormed()
    : `${text.slice(0, MAX_TEXT_LENGTH - 1).toWellFormed()}…`
}

export const kinds: Readonly<Record<ChangeKind, KindRules>> = { toggle, assignments }

function featureOf(target: Target | undefined): string {
  if (target && 'featureName' in target) return target.featureName
  throw new Error('a toggle change has one toggle as its target')
}

/** Upstream documents each value as an object and no more; whichever of the three shapes came, it is a list of ids. */
function holdingsOf(byUser: LicensesByUser): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(byUser).map(([userId, value]) => {
      const licenses = Array.isArray(value) ? value : (value.licenses ?? [])
      return [
        userId.toLowerCase(),
        licenses.map((license) => (typeof license === 'string' ? license : license.id)),
      ]
    }),
  )
}
