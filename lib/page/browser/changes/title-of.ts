import type { Change } from '../../../changes/answers/change-schemas.ts'

/** What it is about. Which change an undo takes back stands below it as a link, and is no id in a title. */
export function changeTitleOf({ summary, undoes }: Pick<Change, 'summary' | 'undoes'>): string {
  return undoes === undefined
    ? summary
    : summary.replace(`, undoing ${undoes}`, ', undoing a change').replace(`Undo ${undoes}`, 'Undo a change')
}
