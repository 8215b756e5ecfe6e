/** What readings are taken with, and how far one has come. */
import type { JournalRow } from '../changes/record/pair-journal.ts'
import type { Clock, Deadline } from '../clock.ts'
import type { Page } from '../genesys/each-page.ts'
import type { DirectoryUser } from '../genesys/models/directory-user.ts'
import type { UserLicenses } from '../genesys/models/licenses.ts'
import type { Observed } from '../genesys/scope.ts'
import type { ReadingProgress } from './port.ts'
import type { CurrentReading, ReadingStore } from './reading-store.ts'

/** Where Genesys's pages come from, of 100 users each, and what its answers say of the token's minute. */
export interface PageSource {
  readonly licenses: (pageNumber: number) => Promise<Page<UserLicenses>>
  readonly directory: (pageNumber: number) => Promise<Page<DirectoryUser>>
  readonly observed: Observed
}

/** Told of what comes of readings; bound to the log. */
export interface ReadingLog {
  /** A stretch ended, with so many pages read in all: the next minute goes on. `error` is why, where it is one. */
  noteStretch(stretch: { readonly readingId: string; readonly pages: number; readonly error?: unknown }): void
  noteReading(reading: EndedReading): void
  /** Told each minute: how long ago the newest whole reading began, milliseconds; undefined before the first. */
  noteAge(ageMs: number | undefined): void
}

export interface EndedReading {
  readonly readingId: string
  readonly pages: number
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

/** UTC, `2026-11-28`. @param ms epoch milliseconds. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

export function pagesReadOf({ licenses, directory }: CurrentReading): number {
  return licenses.nextPage - 1 + directory.nextPage - 1
}

/** As whoever asked for it is told. */
export function progressOf(reading: CurrentReading): ReadingProgress {
  const { id, askedAtMs, beganAtMs, licenses, directory } = reading
  const { pageCount } = licenses
  // Until its own count is known the directory is taken to have as many pages as the licenses.
  const pagesToRead = pageCount === undefined ? undefined : pageCount + (directory.pageCount ?? pageCount)
  return { id, askedAtMs, beganAtMs, pagesRead: pagesReadOf(reading), pagesToRead, state: 'reading' }
}
