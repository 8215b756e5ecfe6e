/** Licenses, features and roles: one word each, by the grammar that goes into upstream's URLs. */
import { LicenseId } from '../../genesys/models/ids.ts'
import { keywords } from './sections.ts'
import type { Token } from './tokens.ts'
import { oddly, shown, Unclear } from './unclear.ts'

/**
 * @param kind what it is the id of, in the sentence that says it is none.
 * @throws Unclear
 */
export function nameOf(token: Token, kind: 'license' | 'feature' | 'role'): string {
  if (token.kind !== 'separator' && LicenseId.safeParse(token.text).success) return token.text
  const odd = oddly(token.text, 'id')
  if (odd !== '') throw new Unclear(odd)
  throw new Unclear(`${shown(token.text)} is no ${kind} id: those have letters, digits and _ . : - only.`)
}

/**
 * The one name that was said.
 *
 * @throws Unclear
 */
export function onlyName(tokens: readonly Token[], kind: 'license' | 'feature'): string {
  const [first, second] = tokens
  if (!first) throw new Unclear(`Which ${kind}? Say its id.`)
  const name = nameOf(first, kind)
  if (second) throw new Unclear(`One ${kind} at a time: ${shown(second.text)} is too much.`)
  return name
}

export function nameText(name: string): string {
  return keywords.includes(name.toLowerCase()) ? `"${name}"` : name
}

/** Pages that anybody turns to: more than all of whom one reading holds take. */
const MAX_PAGE = 999

/** @returns undefined for what is no number of a page. */
export function pageIn(text: string): number | undefined {
  const page = /^\d{1,3}$/.test(text) ? Number(text) : 0
  return page >= 1 && page <= MAX_PAGE ? page : undefined
}
