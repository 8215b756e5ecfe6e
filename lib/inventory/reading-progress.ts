/** How far a reading has come. */
import type { ReadingProgress } from './inventory-port.ts'
import type { CurrentReading } from './reading-store.ts'

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
