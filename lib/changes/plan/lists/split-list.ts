/**
 * A change about more pairs than one write may have becomes a list: its pairs are dealt out to parts, each pair to one,
 * all of a person's to the same. People of whom all holds already come last, in parts of their own: these read, and send
 * nothing while it still holds.
 */
import { MAX_PAIRS } from '../../../genesys/models/assignments.ts'
import type { ListState } from '../../model/change.ts'
import { type Findings, type PlanRow, pairOf, type Reading, type Target } from '../../model/change.ts'
import { MAX_FINDINGS } from '../../model/change-order.ts'
import type { Planned } from '../../model/header.ts'
import { isAsDesired } from '../../model/verdict.ts'

/** Pairs of a part: with its record, its locks and its journal it is one transaction of the ledger. */
const PAIRS_A_PART = 95

interface Pair {
  readonly target: Target
  readonly before: Reading
}

/** @returns the same where one write can have all of it. */
export function splitLarge(planned: Planned, onConflict?: ListState['onConflict']): Planned {
  const { header, plan } = planned
  if (plan.targets.length <= MAX_PAIRS) return planned
  const pairs = plan.targets.map((target, index): Pair => ({ target, before: plan.before?.[index] }))
  const people = [...Map.groupBy(pairs, ({ target }) => pairOf(target).userId).values()]
  const isIdle = (ofPerson: readonly Pair[]) =>
    ofPerson.every(({ target, before }) => isAsDesired(target, before))
  const idle = people.filter(isIdle)
  const work = dealOut(people.filter((each) => !isIdle(each)))
  const parts = [...work, ...dealOut(idle)]
  // That all of it holds is what it came to: no part of it will begin.
  const isOver = header.state === 'NOOP'
  return {
    header: {
      ...header,
      list: {
        parts: isOver ? 0 : parts.length,
        idleFrom: work.length,
        next: 0,
        open: [],
        outcomes: isOver ? { unchanged: plan.targets.length } : {},
        attention: [],
        requests: 0,
        onConflict,
      },
    },
    plan: {
      ...plan,
      targets: [],
      before: [],
      holdings: undefined,
      findings: plan.findings && cutShort(plan.findings),
    },
    parts,
  }
}

function dealOut(people: readonly (readonly Pair[])[]): PlanRow[] {
  const parts: Pair[][] = []
  let part: Pair[] = []
  for (const ofPerson of people) {
    if (part.length > 0 && part.length + ofPerson.length > PAIRS_A_PART) {
      parts.push(part)
      part = []
    }
    part.push(...ofPerson)
  }
  if (part.length > 0) parts.push(part)
  return parts.map((each) => ({
    targets: each.map(({ target }) => target),
    before: each.map(({ before }) => before),
  }))
}

function cutShort(findings: Findings): Findings {
  const { missingPrerequisites, contradictions, overlaps, unknownUsers, notActive } = findings
  return {
    ...findings,
    missingPrerequisites: missingPrerequisites.slice(0, MAX_FINDINGS),
    contradictions: contradictions.slice(0, MAX_FINDINGS),
    overlaps: overlaps.slice(0, MAX_FINDINGS),
    unknownUsers: unknownUsers.slice(0, MAX_FINDINGS),
    notActive: notActive?.slice(0, MAX_FINDINGS),
    counts: {
      missingPrerequisites: missingPrerequisites.length,
      contradictions: contradictions.length,
      overlaps: overlaps.length,
      unknownUsers: unknownUsers.length,
      notActive: notActive?.length,
    },
  }
}
