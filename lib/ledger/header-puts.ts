/** The puts that create a change and move it, each on condition of what was seen, or that it stands so already. */
import type { Header } from '../changes/model/header.ts'
import { headerItem } from './stored-items.ts'
import { absent, all, type Condition, either } from './table/conditions.ts'
import type { Put } from './table/transact.ts'

export function newHeaderPut(header: Header): Put {
  return { item: headerItem(header), condition: either(absent, ifWritten(header)) }
}

export function nextHeaderPut(next: Header, seen: Pick<Header, 'version' | 'owner'>): Put {
  const ifUnmoved = all(ifAsSeen(seen), ...ifNothingIsLost(next))
  return { item: headerItem(next), condition: either(ifUnmoved, ifWritten(next)) }
}

/** A try may have been stored and its answer lost, so that its repetition meets itself: then the record is ours. */
function ifWritten({ writeId }: Header): Condition {
  return {
    expression: '#record.#writeId = :writeId',
    names: { '#record': 'record', '#writeId': 'writeId' },
    values: { ':writeId': writeId },
  }
}

function ifAsSeen({ version, owner }: Pick<Header, 'version' | 'owner'>): Condition {
  const ofOwner = owner === undefined ? 'attribute_not_exists(#record.#owner)' : '#record.#owner = :owner'
  return {
    expression: `#record.#schema IN (:plain, :keeping) AND #record.#version = :version AND ${ofOwner}`,
    names: { '#record': 'record', '#schema': 'schema', '#version': 'version', '#owner': 'owner' },
    values: {
      ':plain': 1,
      ':keeping': 2,
      ':version': version,
      ...(owner !== undefined && { ':owner': owner }),
    },
  }
}

/** What a header keeps stands nowhere else: one that was built without it does not take its place. */
function ifNothingIsLost({ planRow, evidenceRow, keptPlan, keptEvidence }: Header): Condition[] {
  const lost: Condition[] = []
  if (keptPlan?.name !== planRow) lost.push(ifNotKept('keptPlan', planRow))
  if (evidenceRow !== undefined && keptEvidence?.name !== evidenceRow) {
    lost.push(ifNotKept('keptEvidence', evidenceRow))
  }
  return lost
}

function ifNotKept(member: 'keptPlan' | 'keptEvidence', row: string): Condition {
  return {
    expression: `attribute_not_exists(#record.#${member}) OR #record.#${member}.#name <> :${member}`,
    names: { '#record': 'record', [`#${member}`]: member, '#name': 'name' },
    values: { [`:${member}`]: row },
  }
}
