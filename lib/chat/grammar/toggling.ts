/** Feature toggles: asked about, or set. */

import { nearest } from '../../nearest.ts'
import { durationIn } from './durations.ts'
import { momentIn } from './moments.ts'
import { type Sections, sectionsOf } from './sections.ts'
import type { Command, ToggleSet } from './typed-command.ts'
import { nameOf } from './typed-names.ts'
import { shown, Unclear } from './unclear.ts'
import { wordsOf } from './words.ts'

export function readToggle(text: string): Command {
  const said = sectionsOf(text, ['at', 'for', 'until'])
  const [first, value, more] = said.head
  if (!first) throw new Unclear('Which feature? Say its name.')
  const feature = nameOf(first, 'feature')
  if (!value && said.parts.size === 0 && said.because === undefined) return { verb: 'toggle', feature }
  const state = value?.kind === 'word' ? value.text.toLowerCase() : undefined
  if (state !== 'on' && state !== 'off') {
    const found = value ? `, not ${shown(value.text)}` : ''
    throw new Unclear(
      `Should ${shown(feature)} be on or off? Say “on” or “off” behind it${found}.`,
      state && nearest(state, ['on', 'off']),
    )
  }
  if (more) {
    const slip = nearest(more.text, ['at', 'for', 'because'])
    throw new Unclear(`I do not understand ${shown(more.text)} behind “${state}”.`, slip)
  }
  return { verb: 'toggle', feature, set: { enabled: state === 'on', ...timesIn(said) } }
}

function timesIn({ parts, because }: Sections): Omit<ToggleSet, 'enabled'> {
  if (parts.has('until')) throw new Unclear('Say for how long instead of “until”, such as “for 2h”.', 'for')
  const at = parts.get('at')
  const duration = parts.get('for')
  return {
    ...(at && { at: momentIn(wordsOf(at, 'At what time? Say it behind “at”.')) }),
    ...(duration && {
      for: durationIn(wordsOf(duration, 'For how long? Say a duration behind “for”, such as 2h.')),
    }),
    ...(because !== undefined && { because }),
  }
}
