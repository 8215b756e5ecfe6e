/** The stop switch: how it stands, and throwing it. Its words pause and resume a list as well. */
import { listIn } from './read-changes.ts'
import { reasonIn } from './sections.ts'
import type { Command } from './typed-command.ts'
import { Unclear } from './unclear.ts'

export function readWrites(text: string): Command {
  if (text.trim() !== '') throw new Unclear('Say “writes” alone, or “pause” or “resume” with the reason.')
  return { verb: 'writes' }
}

export function readPauseOrder(text: string): Command {
  const changeId = listIn(text, 'pause')
  if (changeId !== undefined) return { verb: 'pause', changeId }
  const because = reasonBehind(text)
  if (because !== undefined) return { verb: 'pause', because }
  throw new Unclear(
    'Why? Say the reason behind “pause”: everybody whose change waits is told. To pause one list alone, say its id.',
  )
}

export function readResume(text: string): Command {
  const changeId = listIn(text, 'resume')
  if (changeId !== undefined) return { verb: 'resume', changeId }
  return { verb: 'resume', because: reasonBehind(text) }
}

/** The whole of what stands behind the verb; who is used to it may begin with “because”. */
function reasonBehind(text: string): string | undefined {
  const said = text.replace(/^\s*because(?=\s|$)/i, '')
  return said.trim() === '' ? undefined : reasonIn(said)
}
