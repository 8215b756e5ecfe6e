import { definitionOf } from './definitions.ts'
import { initialLicenses, personId, personIndex } from './people/people.ts'

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

/** One org's state: `users` people of the deterministic generator, with what has been changed since. */
export function createTruth(users: number, mode: ToggleMode, saved?: Overrides) {
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

  return {
    users,
    now,

    /** The state before the last write that was carried out. */
    beforeLastWrite: {
      licensesOf: (index) => lastWrite.licenses.get(index) ?? now.licensesOf(index),
      toggle: (name) => lastWrite.toggles.get(name) ?? now.toggle(name),
    } satisfies TruthView,

    /** The index of a person in this org, or undefined. */
    indexOf: (id: string) => personIndex(id, users),

    /** Applies one write: who holds what from now on. */
    assign(licensesByIndex: ReadonlyMap<number, readonly string[]>): void {
      lastWrite = { licenses: new Map(), toggles: new Map() }
      for (const [index, licenses] of licensesByIndex) {
        lastWrite.licenses.set(index, now.licensesOf(index))
        changed.set(index, licenses.filter(definitionOf))
      }
    },

    /** POST on a known toggle: switches it in legacy mode, does nothing in current mode; answers the value after. */
    press(name: string): boolean | undefined {
      const before = toggles.get(name)
      if (before === undefined || mode === 'current') return before
      lastWrite = { licenses: new Map(), toggles: new Map([[name, before]]) }
      toggles.set(name, !before)
      return !before
    },

    /** Back to the deterministic beginning. */
    reset: () => begin(),

    report(): TruthReport {
      const report: TruthReport = { users: {}, toggles: Object.fromEntries(toggles) }
      for (let index = 0; index < users; index++) report.users[personId(index)] = now.licensesOf(index)
      return report
    },

    overrides: (): Overrides => ({
      changed: Object.fromEntries([...changed].map(([index, licenses]) => [personId(index), licenses])),
      toggles: Object.fromEntries(toggles),
    }),
  }
}

/** One org's state and the ways to change it. */
export type Truth = ReturnType<typeof createTruth>
