import { roles } from './access/roles.ts'
import { definitionOf, definitions, type OrgLicense } from './definitions.ts'

/** The license ids that holding all those roles takes; unknown roles take none ([?]: undocumented). */
export function inferFromRoles(roleIds: readonly string[]): string[] {
  return inferFromPermissions(
    roles.filter(({ id }) => roleIds.includes(id)).flatMap((role) => role.permissions),
  )
}

/**
 * The license ids that holding all those permissions takes, in the order of the definitions. A license that another
 * one in the answer comprises is left out. Precedence is Genesys's: a workforce engagement upgrade beats speech and
 * text analytics, and where no base license can hold one (or CX 3 has it already) it is STA (or nothing).
 * Unknown permissions take no license ([?]: undocumented); `*` matches any entity or action.
 */
export function inferFromPermissions(permissions: readonly string[]): string[] {
  const known = permissions.flatMap(expand)
  const owners = new Set(known.filter((each) => !wem.has(each)).map((each) => ownerOf.get(each) ?? ''))
  const comprised = new Set([...owners].flatMap((id) => [...partsOf(definitionOf(id))]))
  const upgrades = known.filter((each) => wem.has(each))
  if (upgrades.length > 0 && !owners.has('cloudCX3')) {
    const isWemNeeded = upgrades.some((each) => !sta.has(each))
    owners.add(isWemNeeded ? wemUpgrade(owners) : 'gcSTAupgrade')
  }
  return definitions.map(({ id }) => id).filter((id) => owners.has(id) && !comprised.has(id))
}

const wem = new Set(definitionOf('gc1WEMupgrade')?.permissions.ids)
const sta = new Set(definitionOf('gcSTAupgrade')?.permissions.ids)

/** The cheapest license that carries each permission. */
const ownerOf = new Map<string, string>()
for (const { id, permissions } of definitions) {
  for (const each of permissions.ids) if (!ownerOf.has(each)) ownerOf.set(each, id)
}

function wemUpgrade(bases: ReadonlySet<string>): string {
  if (bases.has('cloudCX2')) return 'gc2WEMupgrade'
  return bases.has('cloudCX1') ? 'gc1WEMupgrade' : 'gcSTAupgrade'
}

function* partsOf(definition: OrgLicense | undefined): Generator<string> {
  for (const part of definition?.comprises ?? []) {
    yield part.id
    yield* partsOf(part)
  }
}

function expand(permission: string): string[] {
  const wanted = permission.split(':')
  if (wanted.length !== 3) return []
  return [...ownerOf.keys()].filter((known) =>
    known.split(':').every((part, position) => wanted[position] === '*' || wanted[position] === part),
  )
}
