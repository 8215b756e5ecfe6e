/** What wishes for something: licenses given and taken, feature toggles asked about or set. */
import { nearest } from '../../nearest.ts'
import { type Sections, sectionsOf, wordsOf } from './sections.ts'
import type { Command, PersonRef, ToggleSet, Until } from './typed-command.ts'
import { peopleIn, requireName } from './typed-names.ts'
import { durationIn, momentIn } from './typed-times.ts'
import { quoteTyped, Unclear } from './unclear.ts'

export function readGrant(text: string): Command {
  const said = sectionsOf(text, ['to', 'from', 'until', 'for'])
  const license = licenseIn(said, 'to', 'Which license, and who should get it?')
  if (said.parts.has('from')) throw new Unclear('A license is granted “to” people, not “from” them.', 'to')
  const people = peopleOf(said, 'to', `Who should get ${license}?`)
  return { verb: 'grant', license, people, until: untilIn(said), because: said.because }
}

export function readRevoke(text: string): Command {
  const said = sectionsOf(text, ['from', 'to', 'until', 'for'])
  const license = licenseIn(said, 'from', 'Which license, and who should lose it?')
  if (said.parts.has('to')) throw new Unclear('A license is revoked “from” people, not “to” them.', 'from')
  const people = peopleOf(said, 'from', `Who should lose ${license}?`)
  if (said.parts.has('until') || said.parts.has('for'))
    throw new Unclear('A license is revoked for good: there is no “until” or “for”. “grant” gives it back.')
  return { verb: 'revoke', license, people, because: said.because }
}

function licenseIn({ head }: Sections, next: 'to' | 'from', missing: string): string {
  const [first, second] = head
  if (!first) throw new Unclear(`${missing} Say the license's id, “${next}”, and the people.`)
  const license = requireName(first, 'license')
  if (!second) return license
  const slip = second.kind === 'word' ? nearest(second.text, [next]) : undefined
  throw new Unclear(
    `I expected “${next}” behind ${quoteTyped(license)}, and found ${quoteTyped(second.text)}.`,
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

/** @throws Unclear */
export function untilIn({ parts }: Sections): Until | undefined {
  const until = parts.get('until')
  const duration = parts.get('for')
  if (until && duration) throw new Unclear('Say either “until” or “for”, not both.')
  if (until) return { at: momentIn(wordsOf(until, 'Until when? Say a time behind “until”.')) }
  if (duration)
    return { for: durationIn(wordsOf(duration, 'For how long? Say a duration behind “for”, such as 2h.')) }
  return undefined
}

export function readToggle(text: string): Command {
  const said = sectionsOf(text, ['at', 'for', 'until'])
  const [first, value, more] = said.head
  if (!first) throw new Unclear('Which feature? Say its name.')
  const feature = requireName(first, 'feature')
  if (!value && said.parts.size === 0 && said.because === undefined) return { verb: 'toggle', feature }
  const state = value?.kind === 'word' ? value.text.toLowerCase() : undefined
  if (state !== 'on' && state !== 'off') {
    const found = value ? `, not ${quoteTyped(value.text)}` : ''
    throw new Unclear(
      `Should ${quoteTyped(feature)} be on or off? Say “on” or “off” behind it${found}.`,
      state && nearest(state, ['on', 'off']),
    )
  }
  if (more) {
    const slip = nearest(more.text, ['at', 'for', 'because'])
    throw new Unclear(`I do not understand ${quoteTyped(more.text)} behind “${state}”.`, slip)
  }
  return { verb: 'toggle', feature, set: { enabled: state === 'on', ...timesIn(said) } }
}

function timesIn({ parts, because }: Sections): Omit<ToggleSet, 'enabled'> {
  if (parts.has('until')) throw new Unclear('Say for how long instead of “until”, such as “for 2h”.', 'for')
  const at = parts.get('at')
  const duration = parts.get('for')
  return {
    at: at && momentIn(wordsOf(at, 'At what time? Say it behind “at”.')),
    for: duration && durationIn(wordsOf(duration, 'For how long? Say a duration behind “for”, such as 2h.')),
    because,
  }
}
