/** Who is who across an org file: an identity, and a name, belongs to one person or one tool. */
import type { z } from 'zod'
import { roleOfSession } from '../../lib/changes/model/policy.ts'
import { foldName } from '../../lib/people/fold-name.ts'
import { identityKinds, people, tools } from './people-schema.ts'

interface IdentityClaim {
  readonly name: string
  readonly kind: string
  readonly id: string
  readonly path: string
}

interface IdentityParts {
  readonly people?: unknown
  readonly tools?: unknown
  readonly iamSessionNames?: unknown
}

/** @returns a sentence for each contradiction. IdentityParts that are faulty in themselves are told of first, and left out. */
export function identityFaults(file: IdentityParts): string[] {
  const listed = people.safeParse(file.people ?? {})
  const persons = listed.data ?? {}
  const machines = tools.safeParse(file.tools ?? {}).data ?? {}
  const claims = [...claimsOf('people', persons, identityKinds), ...claimsOf('tools', machines, toolKinds)]
  return [
    ...Object.keys(machines)
      .filter((name) => Object.hasOwn(persons, name))
      .map((name) => `tools.${name} must not be named as one of people: a name is one person or one tool`),
    ...(listed.success ? ownerFaults(machines, persons) : []),
    ...sharedNames(persons, machines),
    ...sharedIdentities(claims).map(
      ({ path, other }) =>
        `${path} must not be the same as, or a session of, what ${other} has: one identity is one person or one tool`,
    ),
    ...(file.iamSessionNames === 'pinned' ? [] : unpinnedSessions(claims)),
  ]
}

const toolKinds = ['iam', 'jwt', 'eventSources'] as const

function* claimsOf<K extends string>(
  part: string,
  table: Readonly<Record<string, { readonly [kind in K]?: readonly string[] | undefined }>>,
  kinds: readonly K[],
): Generator<IdentityClaim> {
  for (const [name, each] of Object.entries(table)) {
    for (const kind of kinds) {
      for (const [index, id] of (each[kind] ?? []).entries()) {
        yield { name, kind, id, path: [part, name, kind, index].join('.') }
      }
    }
  }
}

function ownerFaults(machines: z.output<typeof tools>, persons: z.output<typeof people>): string[] {
  return Object.entries(machines).flatMap(([name, { owners = [] }]) =>
    owners.flatMap((owner, index) =>
      Object.hasOwn(persons, owner)
        ? []
        : [`tools.${name}.owners.${index} must be the name of one of people`],
    ),
  )
}

/** Who reads a name in an answer reads it alone: it is one person's, and not what another is listed by. */
function sharedNames(persons: z.output<typeof people>, machines: z.output<typeof tools>): string[] {
  const holders = new Map(
    [...Object.keys(persons), ...Object.keys(machines)].map((key) => [foldName(key), key]),
  )
  return Object.entries(persons).flatMap(([key, { name }]) => {
    if (name === undefined) return []
    const other = holders.get(foldName(name)) ?? key
    holders.set(foldName(name), key)
    return other === key ? [] : [`people.${key}.name must be theirs alone: ${other} is called so too`]
  })
}

/** Identities that an earlier person or tool has too. A role stands for all its sessions. */
function sharedIdentities(claims: readonly IdentityClaim[]): { path: string; other: string }[] {
  const holders = new Map<string, string>()
  // Roles first, so that a session meets its role wherever that stands.
  const inOrder = claims.toSorted((a, b) => Number(isSession(a.id)) - Number(isSession(b.id)))
  return inOrder.flatMap(({ name, kind, id, path }) => {
    const own = `${kind} ${id}`
    const other = holders.get(own) ?? holders.get(`${kind} ${roleOfSession(id) ?? id}`)
    holders.set(own, holders.get(own) ?? name)
    return other === undefined || other === name ? [] : [{ path, other }]
  })
}

/**
 * Whoever may assume the role could call a session as they like. Where the role itself is somebody's, its sessions are
 * too, and tell nobody apart.
 */
function unpinnedSessions(claims: readonly IdentityClaim[]): string[] {
  const ids = new Set(claims.map(({ id }) => id))
  return claims
    .filter(({ id }) => isSession(id) && !ids.has(roleOfSession(id) ?? id))
    .map(
      ({ path }) =>
        `${path} is one session of a role, and whoever may assume the role chooses its name: have the role's trust policy pin sts:RoleSessionName to who assumes it, and say so with iamSessionNames 'pinned', or name the role itself`,
    )
}

function isSession(id: string): boolean {
  return roleOfSession(id) !== undefined
}
