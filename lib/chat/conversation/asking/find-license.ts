/** Which license is meant: its id in any case, or the beginning of just one. */
import type { LicenseDefinition } from '../../../genesys/models/licenses.ts'
import { nearest } from '../../../nearest.ts'
import { type Reply, refuse, sayNote, sayText } from '../words/reply.ts'
import type { ChatSession } from './session.ts'

export type FoundLicense = { readonly license: LicenseDefinition } | { readonly reply: Reply }

/** @throws GatewayError where Genesys cannot be asked. */
export async function findLicense(session: ChatSession, typedName: string): Promise<FoundLicense> {
  const { genesys } = await session.bench()
  const all = await genesys.getDefinitions()
  const name = typedName.toLowerCase()
  const exact = all.find(({ id }) => id.toLowerCase() === name)
  if (exact) return { license: exact }
  const beginning = all.filter(({ id }) => id.toLowerCase().startsWith(name))
  const [only] = beginning
  if (only && beginning.length === 1) return { license: only }
  if (only) {
    const names = beginning.map(({ id }) => id).join(', ')
    return { reply: refuse(`${typedName} could be any of ${beginning.length}`, sayText(names)) }
  }
  const near = nearest(
    typedName,
    all.map(({ id }) => id.toLowerCase()),
  )
  const meant = all.find(({ id }) => id.toLowerCase() === near)
  return {
    reply: refuse(
      `There is no license ${typedName}`,
      ...(meant ? [sayText(`Did you mean “${meant.id}”?`)] : []),
      sayNote('To see those that there are:', 'definitions'),
    ),
  }
}
