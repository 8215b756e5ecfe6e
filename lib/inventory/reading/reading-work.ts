/** What readings are taken with. */
import type { JournalRow } from '../../changes/record/pair-journal.ts'
import type { Clock, Deadline } from '../../clock.ts'
import type { Page } from '../../genesys/each-page.ts'
import type { DirectoryUser } from '../../genesys/models/directory-user.ts'
import type { UserLicenses } from '../../genesys/models/licenses.ts'
import type { Observed } from '../../genesys/scope.ts'
import type { ReadingStore } from '../reading-store.ts'

/** Where Genesys's pages come from, of 100 users each, and what its answers say of the token's minute. */
export interface PageSource {
  readonly licenses: (pageNumber: number) => Promise<Page<UserLicenses>>
  readonly directory: (pageNumber: number) => Promise<Page<DirectoryUser>>
  readonly observed: Observed
}

/** Told of what comes of readings; bound to the log. */
export interface ReadingLog {
  /** A stretch ended, with so many pages read in all: the next minute goes on. `error` is why, where it is one. */
  noteStretch(stretch: NotedReading & { readonly error?: unknown }): void
  noteReading(reading: EndedReading): void
  /** Told each minute: how long ago the newest whole reading began, or, before there is one, the first try. Milliseconds. */
  noteAge(ageMs: number): void
}

export interface NotedReading {
  readonly readingId: string
  /** `jwt:SUBJECT` and the like, `nobody` where no name is known, `night` where it was due. */
  readonly askedBy: string
  readonly pages: number
}

export interface EndedReading extends NotedReading {
  readonly people: number
  readonly isWhole: boolean
  readonly missing: number
  readonly differences: number
  readonly tookMs: number
}

export interface ReadingWork {
  readonly store: ReadingStore
  readonly journal: (fromMs: number, toMs: number) => Promise<readonly JournalRow[]>
  /** Asked for only where a page is to be read: it takes an access token. */
  readonly openPages: () => Promise<PageSource>
  readonly clock: Clock
  readonly deadline: Deadline
  /** Of the UTC day, from which on the night's reading is due: 0 to 23. */
  readonly hour: number
  readonly log: ReadingLog
}
