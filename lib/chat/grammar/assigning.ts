/** Licenses given and taken. */

import { nearest } from '../../nearest.ts'
import { durationIn } from './durations.ts'
import { momentIn } from './moments.ts'
import { peopleIn } from './people-list.ts'
import { type Sections, sectionsOf } from './sections.ts'
import type { Command, PersonRef, Until } from './typed-command.ts'
import { nameOf } from './typed-names.ts'
import { shown, Unclear } from './unclear.ts'
import { wordsOf } from './words.ts'

export function readGrant(text: string): Command {
  const said = sectionsOf(text, ['to', 'from', 'until', 'for'])
  const license = licenseIn(said, 'to', 'Which license, and who should get it?')
  if (said.parts.has('from')) throw new Unclear('A license is granted “to” people, not “from” them.', 'to')
  const people = peopleOf(said, 'to', `Who should get ${license}?`)
  const until = untilIn(said)
  return { verb: 'grant', license, people, ...(until && { until }), ...becauseOf(said) }
}

export function readRevoke(text: string): Command {
  const said = sectionsOf(text, ['from', 'to', 'until', 'for'])
  const license = licenseIn(said, 'from', 'Which license, and who should lose it?')
  if (said.parts.has('to')) throw new Unclear('A license is revoked “from” people, not “to” them.', 'from')
  const people = peopleOf(said, 'from', `Who should lose ${license}?`)
  if (said.parts.has('until') || said.parts.has('for'))
    throw new Unclear('A license is revoked for good: there is no “until” or “for”. “grant” gives it back.')
  return { verb: 'revoke', license, people, ...becauseOf(said) }
}

function licenseIn({ head }: Sections, next: 'to' | 'from', missing: string): string {
  const [first, second] = head
  if (!first) throw new Unclear(`${missing} Say the license's id, “${next}”, and the people.`)
  const license = nameOf(first, 'license')
  if (!second) return license
  const slip = second.kind === 'word' ? nearest(second.text, [next]) : undefined
  throw new Unclear(
    `I expected “${next}” behind ${shown(license)}, and found ${shown(second.text)}.`,
    slip ?? next,
  )
}

function peopleOf({ parts }: Sections, keyword: 'to' | 'from', missing: string): PersonRef[] {
  const tokens = parts.get(keyword) ?? []
  if (tokens.length > 0) return peopleIn(tokens, true)
  throw new Unclear(
    `${missing} Say “${keyword}” and their e-mails, names, mentions or ids, with commas between them.`,
  )
}

function untilIn({ parts }: Sections): Until | undefined {
  const until = parts.get('until')
  const duration = parts.get('for')
  if (until && duration) throw new Unclear('Say either “until” or “for”, not both.')
  if (until) return { at: momentIn(wordsOf(until, 'Until when? Say a time behind “until”.')) }
  if (duration)
    return { for: durationIn(wordsOf(duration, 'For how long? Say a duration behind “for”, such as 2h.')) }
  return undefined
}

function becauseOf({ because }: Sections) {
  return because === undefined ? {} : { because }
}
