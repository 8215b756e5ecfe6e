/** The stop switch: how it stands, and throwing it. */
import { reasonIn } from './sections.ts'
import type { Command } from './typed-command.ts'
import { Unclear } from './unclear.ts'

export function readWrites(text: string): Command {
  if (text.trim() !== '') throw new Unclear('Say “writes” alone, or “pause” or “resume” with the reason.')
  return { verb: 'writes' }
}

export function readPauseWrites(text: string): Command {
  const because = reasonBehind(text)
  if (because !== undefined) return { verb: 'pause', because }
  throw new Unclear('Why? Say the reason behind “pause”: everybody whose change waits is told.')
}

export function readResumeWrites(text: string): Command {
  return { verb: 'resume', because: reasonBehind(text) }
}

/** The whole of what stands behind the verb; who is used to it may begin with “because”. */
function reasonBehind(text: string): string | undefined {
  const said = text.replace(/^\s*because(?=\s|$)/i, '')
  return said.trim() === '' ? undefined : reasonIn(said)
}
