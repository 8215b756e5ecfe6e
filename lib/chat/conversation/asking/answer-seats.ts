/** Licenses that are counted, by what somebody typed. */
import { nearest } from '../../../nearest.ts'
import type { SeatsNow } from '../../../seats/port.ts'
import { type Reply, refuse, sayNote, sayText } from '../words/reply.ts'

type Counted = { readonly licenseId: string } | { readonly reply: Reply }

/** As licenses are named elsewhere, of those that are counted: by id in any case, or the beginning of just one. */
export function findCounted({ licenses }: SeatsNow, typedName: string): Counted {
  const name = typedName.toLowerCase()
  const ids = licenses.map(({ licenseId }) => licenseId)
  const exact = ids.find((id) => id.toLowerCase() === name)
  if (exact !== undefined) return { licenseId: exact }
  const beginning = ids.filter((id) => id.toLowerCase().startsWith(name))
  const [only] = beginning
  if (only !== undefined && beginning.length === 1) return { licenseId: only }
  if (only !== undefined) {
    return {
      reply: refuse(`${typedName} could be any of ${beginning.length}`, sayText(beginning.join(', '))),
    }
  }
  const near = nearest(
    name,
    ids.map((id) => id.toLowerCase()),
  )
  const meant = ids.find((id) => id.toLowerCase() === near)
  return {
    reply: refuse(
      `Nobody holds a license ${typedName}, and the org file names none`,
      ...(meant === undefined ? [] : [sayText(`Did you mean “${meant}”?`)]),
      sayNote('Those that are counted:', 'seats'),
    ),
  }
}
