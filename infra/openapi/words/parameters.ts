/** Parameters, in words: those in the query, since those in a path are ids that have words of their own. */

const cursor =
  'Where to go on: what the page before gave as `next`, with the same filters; another `limit` is fine. Left out, the list begins. The list ends with the page that has no `next`.'

/** By the parameter's name, or by the operation's and the parameter's where it differs. */
export const parameterWords: Readonly<Record<string, string>> = {
  pageSize: 'How many users a page has at most',
  pageNumber:
    'Which page, from 1. Go on up to the `pageCount` that each page tells; a page past it is empty. Users who come or go meanwhile move the pages behind them, so that somebody may be seen twice or not at all.',
  bom: 'With `text/csv` alone: the file begins with a byte order mark, by which Excel knows that it is UTF-8',
  limit: 'How many entries a page has at most',
  'getChangeResults.cursor': `${cursor} A cursor is of this change alone. It does not run out.`,
  'listChanges.cursor': `${cursor} A cursor does not run out: nothing is ever deleted from the record. What is made or moved after the first page was read may be missing from the later ones.`,
  'listSchedules.user': 'Schedules that give this user something or take it',
  'listSchedules.cursor': `${cursor} A cursor does not run out: nothing is ever deleted from the record.`,
  'listUsers.cursor': `${cursor} A cursor does not run out: each page is from the newest reading, in the order of ids, so that nobody who is there all along is seen twice or left out.`,
  'getUserHistory.cursor': `${cursor} A cursor does not run out: it goes on where its page ended, whatever has come since.`,
  'getLicenseHistory.cursor': `${cursor} A cursor does not run out: it goes on where its page ended, whatever has come since.`,
  'listUsers.id': 'Who has one of these ids: 1 to 100 UUIDs with a comma between each',
  'listUsers.license': 'Who holds this license, its id in any case',
  'listUsers.name': 'Who has this in their name, in any case',
  'getSeatDays.days': 'So many days, today the last of them',
  'getSeatDays.license': 'Of this license alone, its id in any case',
  'listUsers.search': 'Who has this in their name, or whose e-mail address or id begins with it, in any case',
  'listUsers.state': 'Who is in this state, as the directory says it',
  'listUsers.email': 'Who has this e-mail address: the whole of it, or its beginning with `*` behind it',
  'getChangeResults.outcome': 'What came to this alone',
  'listChanges.state': 'Changes in this state',
  'listChanges.actor':
    'Changes that this one asked for: `kind:id` as `actor` of a change has them, or a person of the org file',
  'listChanges.license': 'Changes of this license',
  'listChanges.user': 'Changes of this user; with `license`, of that license for this user',
  'listChanges.toggle': 'Changes of this toggle; with neither `license` nor `user`',
  'listChanges.open': 'Changes that wait or are under way',
  'listChanges.due':
    'What is applied and is taken back within so long: hours, days or weeks, such as `24h`, `7d`, `4w`. The soonest first; beside `limit` and `cursor` alone',
  'listChanges.from': 'Changes made at this time or later. ISO 8601 with an offset',
  'createChange.reason': 'With a file: why, for the record; one line',
  'createChange.notBefore': 'With a file: not before then. ISO 8601 with an offset',
  'createChange.notAfter': 'With a file: past that it expires. ISO 8601 with an offset',
  'createChange.revertAt': 'With a file: taken back then. ISO 8601 with an offset',
  'createChange.revertAfter': 'With a file: taken back so long after it was applied, such as PT8H',
  'createChange.isDraft':
    'With a file: nobody is asked for approval before the plan is applied. Left out, approvers are asked at once',
  'createChange.onConflict':
    'With a file: what a conflict does to the rest of the list; `skip` where it is left out',
  'listChanges.to': 'Changes made at this time or earlier. ISO 8601 with an offset',
}
