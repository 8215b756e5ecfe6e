/**
 * What the org file calls whoever stands on record, beside their id: for people who read an answer. The record itself keeps
 * short names and ids alone, so a name that is mended or taken out there is so in every answer. Pure.
 */

import { foldName } from '../people/fold-name.ts'
import type { Change } from './answers/change-schemas.ts'
import type { Schedule } from './answers/schedule-schemas.ts'
import type { Writes } from './answers/write-schemas.ts'
import type { Actor, Principal } from './model/change.ts'
import { identifyActor, type KnownPeople, nameOfPerson } from './model/policy.ts'

export type NamedActor = Actor & { readonly name?: string | undefined }

/** Also of who was in no org file when they asked: a subject, and a chat's id, is one person's for ever. An IAM role may be handed on. */
const LASTING: readonly Principal['kind'][] = ['jwt', 'slack', 'teams']

export function nameActor(known: KnownPeople, actor: Actor): NamedActor {
  return { ...actor, name: nameOfPerson(known, personBehind(known, actor)) }
}

/** Of a step: who took it is written there as `person`, `tool` or `kind:id`. */
function nameOfMover(known: KnownPeople, by: string): string | undefined {
  const [kind, id] = [by.slice(0, by.indexOf(':')), by.slice(by.indexOf(':') + 1)]
  const lasting = LASTING.find((each) => each === kind)
  return nameOfPerson(known, lasting === undefined ? by : personBehind(known, { kind: lasting, id }))
}

function personBehind(known: KnownPeople, actor: Actor): string | undefined {
  const { kind, person, tool } = actor
  if (person !== undefined || tool !== undefined || !LASTING.includes(kind)) return person
  return identifyActor(known, actor).person
}

/** @returns the short name of whoever the org file calls so, by which records are found; undefined where nobody is. */
export function personCalled({ people }: KnownPeople, name: string): string | undefined {
  const folded = foldName(name)
  return Object.entries(people).find(([person, each]) =>
    [person, each.name ?? person].some((called) => foldName(called) === folded),
  )?.[0]
}

/** Whether nobody of the org file is called so; an id, `kind:id`, may be anybody's. */
export function isUnknownName(known: KnownPeople, actor: string | undefined): boolean {
  return actor !== undefined && !actor.includes(':') && personCalled(known, actor) === undefined
}

/** Who stands in a sentence that the gateway has written: as in the history, `person`, `tool` or `kind:id`. What comes after is somebody's own words. */
const MOVER_SAID = /(?<=\b(?:called off|ended) by )\S+?(?=[:;,.]?(?:\s|$))/
/** A reason that is the gateway's, all of it. */
const ENDER_SAID = /(?<=^ended early by )\S+$/

function nameMoverIn(known: KnownPeople, sentence: string, said = MOVER_SAID): string {
  return sentence.replace(said, (by) => nameOfMover(known, by) ?? by)
}

export function nameChange<T extends Change>(known: KnownPeople, change: T): T {
  const { actor, askers, reason, failure, approval, writesPaused, list, history } = change
  return {
    ...change,
    actor: nameActor(known, actor),
    reason: reason && nameMoverIn(known, reason, ENDER_SAID),
    failure: failure && { ...failure, message: nameMoverIn(known, failure.message) },
    askers: askers?.map((asker) => nameActor(known, asker)),
    writesPaused: writesPaused && { ...writesPaused, by: named(known, writesPaused.by) },
    approval: approval && { ...approval, by: named(known, approval.by) },
    list: list?.stopped
      ? { ...list, stopped: { ...list.stopped, byName: nameOfMover(known, list.stopped.by) } }
      : list,
    history: history.map(({ note, ...step }) => ({
      ...step,
      byName: nameOfMover(known, step.by),
      note: note && nameMoverIn(known, note),
    })),
  }
}

export function nameSchedule(known: KnownPeople, schedule: Schedule): Schedule {
  const { actor, approval, deletedBy } = schedule
  return {
    ...schedule,
    actor: nameActor(known, actor),
    approval: approval && { ...approval, by: named(known, approval.by) },
    deletedBy: named(known, deletedBy),
  }
}

export function nameWrites(known: KnownPeople, writes: Writes): Writes {
  const { by, history } = writes
  return {
    ...writes,
    by: named(known, by),
    history: history.map((turn) => ({ ...turn, by: nameActor(known, turn.by) })),
  }
}

function named(known: KnownPeople, actor: Actor | undefined): NamedActor | undefined {
  return actor && nameActor(known, actor)
}
