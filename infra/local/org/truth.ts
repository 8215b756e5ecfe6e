import { definitionOf } from './definitions.ts'
import { createPast } from './people/past.ts'
import { initialLicenses, personId, personIndex } from './people/people.ts'
import { createPresence, type Moved, type Presence } from './people/presence.ts'

/** How license toggles behave: as upstream today (always true, writes do nothing) or before July 2023 (POST switches). */
export type ToggleMode = 'current' | 'legacy'

/** What an org's reads see: licenses by person index and toggles by name; undefined where there is none. */
export interface TruthView {
  readonly licensesOf: (index: number) => readonly string[]
  readonly toggle: (name: string) => boolean | undefined
}

/** The whole truth as GET /__org/truth shows it. */
export interface TruthReport {
  users: Record<string, readonly string[]>
  toggles: Record<string, boolean>
}

/** What differs from the deterministic beginning, as the state file keeps it. */
export interface Overrides {
  readonly changed: Readonly<Record<string, readonly string[]>>
  readonly toggles: Readonly<Record<string, boolean>>
  /** Who is in another state than to begin with, or gone. Absent in files of before it was kept. */
  readonly moved?: Readonly<Record<string, Moved>> | undefined
  /** What people held until when, epoch milliseconds. */
  readonly past?:
    | Readonly<Record<string, readonly { untilMs: number; licenses: readonly string[] }[]>>
    | undefined
}

/** Toggle names of the embedded org; real ones are unpublished ([?]). In legacy mode every second one starts off. */
const toggleNames = [
  'agentAssist',
  'concurrentLicensing',
  'predictiveEngagement',
  'speechAndTextAnalytics',
  'wallboards',
  'workforceEngagement',
]

interface Undo {
  readonly licenses: Map<number, readonly string[]>
  readonly toggles: Map<string, boolean>
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each))
}

interface Beginning {
  readonly users: number
  readonly mode: ToggleMode
  /** Epoch milliseconds. */
  readonly clock: () => number
  readonly saved?: Overrides | undefined
}

/** One org's state: `users` people of the deterministic generator, with what has been changed since. */
export function createTruth({ users, mode: firstMode, clock, saved }: Beginning) {
  let mode = firstMode
  const presence = createPresence(users, saved?.moved)
  const past = createPast(users, saved?.past)
  const changed = new Map<number, readonly string[]>()
  const toggles = new Map<string, boolean>()
  let lastWrite: Undo = { licenses: new Map(), toggles: new Map() }

  function begin(overrides?: Overrides): void {
    changed.clear()
    lastWrite = { licenses: new Map(), toggles: new Map() }
    for (const [index, name] of toggleNames.entries()) {
      toggles.set(name, mode === 'current' || (overrides?.toggles[name] ?? index % 2 === 0))
    }
    for (const [id, licenses] of Object.entries(overrides?.changed ?? {})) {
      const index = personIndex(id, users)
      if (index !== undefined) changed.set(index, licenses)
    }
  }
  begin(saved)

  const now: TruthView = {
    licensesOf: (index) => changed.get(index) ?? initialLicenses(index),
    toggle: (name) => toggles.get(name),
  }

  /** Who holds what from now on. */
  function hold(licensesByIndex: ReadonlyMap<number, readonly string[]>): void {
    lastWrite = { licenses: new Map(), toggles: new Map() }
    for (const [index, licenses] of licensesByIndex) {
      const before = now.licensesOf(index)
      lastWrite.licenses.set(index, before)
      if (!isSame(before, licenses)) past.note(index, clock(), before)
      changed.set(index, licenses.filter(definitionOf))
    }
  }

  return {
    users,
    now,
    presence,

    /** The state before the last write that was carried out. */
    beforeLastWrite: {
      licensesOf: (index) => lastWrite.licenses.get(index) ?? now.licensesOf(index),
      toggle: (name) => lastWrite.toggles.get(name) ?? now.toggle(name),
    } satisfies TruthView,

    /** The index of a person in this org, or undefined; whoever has vanished is in none. */
    indexOf(id: string): number | undefined {
      const index = personIndex(id, users)
      return index !== undefined && presence.isPresent(index) ? index : undefined
    },

    /** Applies one write. */
    assign: hold,

    /** Whether it is the id of somebody, vanished or not. */
    isKnown: (id: string) => personIndex(id, users) !== undefined,

    /** Somebody known leaves, or comes back, with what they hold or without it. */
    move(id: string, to: Presence, keepsLicenses: boolean): void {
      const index = personIndex(id, users)
      if (index === undefined) return
      presence.move(index, to, clock())
      if (!keepsLicenses) hold(new Map([[index, []]]))
    },

    /** Every license that somebody held at some time from one to another, the later one exclusive; epoch milliseconds. */
    heldIn: (index: number, fromMs: number, untilMs: number) =>
      past.heldIn(index, now.licensesOf(index), fromMs, untilMs),

    /** POST on a known toggle: switches it in legacy mode, does nothing in current mode; answers the value after. */
    press(name: string): boolean | undefined {
      const before = toggles.get(name)
      if (before === undefined || mode === 'current') return before
      lastWrite = { licenses: new Map(), toggles: new Map([[name, before]]) }
      toggles.set(name, !before)
      return !before
    },

    /** How toggles behave now. */
    mode: () => mode,

    /** Back to the deterministic beginning. @param as how toggles behave from then on; as they did by default. */
    reset(as: ToggleMode = mode): void {
      mode = as
      presence.reset()
      past.reset()
      begin()
    },

    report(): TruthReport {
      const report: TruthReport = { users: {}, toggles: Object.fromEntries(toggles) }
      for (const index of presence.indexesFrom(0)) report.users[personId(index)] = now.licensesOf(index)
      return report
    },

    overrides: (): Overrides => ({
      changed: Object.fromEntries([...changed].map(([index, licenses]) => [personId(index), licenses])),
      toggles: Object.fromEntries(toggles),
      moved: presence.all(),
      past: past.all(),
    }),
  }
}

/** One org's state and the ways to change it. */
export type Truth = ReturnType<typeof createTruth>
