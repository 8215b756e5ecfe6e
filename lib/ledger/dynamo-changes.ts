/** Headers and rows. The header's existence is the commit of a change, and each write of it is on condition. */

import { isLedgerDown, mayBeCarriedOut } from '../changes/model/failure.ts'
import type { Header } from '../changes/model/header.ts'
import type { Ledger } from '../changes/record/ledger.ts'
import type { GatewayError } from '../errors.ts'
import { journalItem } from './dynamo-journal.ts'
import { indexRows } from './dynamo-lists.ts'
import {
  cutToFit,
  evidenceOf,
  headerItem,
  headerOf,
  planOf,
  refuseUnstorable,
  rowOf,
  storedEvidence,
  storedPlan,
} from './stored-items.ts'
import { headerKey, type Item, rowKey } from './table/keys.ts'
import { absent, type Condition, type Store } from './table/store.ts'

type ChangeRecords = Pick<Ledger, 'get' | 'plan' | 'evidence' | 'create' | 'addEvidence' | 'replace'>

export function changeRecords(store: Store): ChangeRecords {
  const get = async (changeId: string) => headerOf(await store.get(headerKey(changeId)))

  async function row(changeId: string, name: string): Promise<object> {
    const item = await store.get(rowKey(changeId, name))
    if (item === undefined) {
      throw new Error(
        `The row ${name} of the change ${changeId} is missing, though its header names it: somebody deleted it`,
      )
    }
    return rowOf(item)
  }

  /** A try may have been stored and its answer lost, so that its repetition met itself: then the record is ours. */
  async function stands(header: Header): Promise<boolean> {
    return (await get(header.id))?.writeId === header.writeId
  }

  /** The same after the put failed. @throws GatewayError `outcome.unknown` where even that cannot be known. */
  async function standsForAll(header: Header, cause: GatewayError): Promise<boolean> {
    try {
      return await stands(header)
    } catch (error) {
      throw isLedgerDown(error) ? mayBeCarriedOut(header.id, cause) : error
    }
  }

  return {
    get,
    plan: async ({ id, planRow }) => planOf(await row(id, planRow)),
    evidence: async ({ id, evidenceRow }) =>
      evidenceRow === undefined ? undefined : evidenceOf(await row(id, evidenceRow)),

    async create(header, plan) {
      refuseUnstorable('This change', plan)
      refuseUnstorable('This change', header)
      await store.putAll([rowItem(header.id, header.planRow, storedPlan(plan)), ...indexRows(header, plan)])
      try {
        return (await store.put(headerItem(header), absent)) || (await stands(header))
      } catch (error) {
        if (!isLedgerDown(error)) throw error
        if (await standsForAll(header, error)) return true
        throw error
      }
    },

    async addEvidence(changeId, rowName, evidence, journal) {
      const kept = cutToFit(evidence)
      const row = rowItem(changeId, rowName, storedEvidence(kept))
      await store.putAll([row, ...(journal ? [journalItem(journal, rowName)] : [])])
      return kept
    },

    async replace(next, seen) {
      refuseUnstorable('The record of this change', next)
      return (await store.put(headerItem(next), ifAsSeen(seen))) || (await stands(next))
    },
  }
}

function rowItem(changeId: string, name: string, row: object): Item {
  return { ...rowKey(changeId, name), schema: 1, row }
}

function ifAsSeen({ version, owner }: Pick<Header, 'version' | 'owner'>): Condition {
  const ofOwner = owner === undefined ? 'attribute_not_exists(#record.#owner)' : '#record.#owner = :owner'
  return {
    expression: `#record.#schema = :schema AND #record.#version = :version AND ${ofOwner}`,
    names: { '#record': 'record', '#schema': 'schema', '#version': 'version', '#owner': 'owner' },
    values: { ':schema': 1, ':version': version, ...(owner !== undefined && { ':owner': owner }) },
  }
}
