/**
 * What somebody has typed and not sent, which outlives a redirect to the sign-in, a reload, and the part of the page that it
 * was typed into; and the dialog that they were at. It is theirs alone: whoever signs in next finds nothing.
 */
import { useLayoutEffect, useState } from 'preact/hooks'
import { createCell } from '../shell/cell.ts'
import { routeOf } from '../shell/route.ts'
import { dropKept, keepText, readKept } from './browser-store.ts'

const KEPT = 'license-page-drafts'
const drafts = new Map<string, string>()

/** Whether the page was left after something was pressed and before it was answered. */
export const hasResumed = createCell(false)

/** Whether somebody has come back to the page in the tab that they left it in: by a reload, the way back, or the sign-in. */
export const hasComeBack = createCell(false)

/** Whose they are, as the provider knows them. */
let owner: string | undefined

interface KeptDrafts {
  readonly owner: string
  readonly drafts: readonly (readonly [name: string, text: string])[]
}

/** Name of what says that a draft was too long to be kept. */
const lostName = (name: string) => `lost ${name}`

/** After the key of what was pressed, where it was told that it may not have been sent. */
const TOLD = ' told'

/** As the page is left. What is longer than a browser keeps goes, the longest first. */
export function keepDrafts(): void {
  if (owner === undefined) return
  const kept = new Map(drafts)
  // A browser has some five million characters for it.
  while (!keepText('tab', KEPT, JSON.stringify({ owner, drafts: [...kept] } satisfies KeptDrafts))) {
    const [longest] = [...kept].sort(([, one], [, other]) => other.length - one.length)
    if (longest === undefined) return
    kept.delete(longest[0])
    kept.set(lostName(longest[0]), '')
  }
}

/** Whether something was typed that could not be kept over a sign-in. */
export function isLost(name: string): boolean {
  return drafts.has(lostName(name))
}

/** Whose drafts the tab keeps, of who was here before the page was left. */
export function keptOwner(): string | undefined {
  return readDrafts()?.owner
}

/** Whether something is kept that was typed, and no mark of the page's own. */
export function hasKeptWords(): boolean {
  return readDrafts()?.drafts.some(([name, text]) => text !== '' && !/^(key|open|plan) /.test(name)) ?? false
}

/** They are signed in: what was kept of theirs is with the page again, and what was another's is gone. */
export function claimDrafts(subject: string): void {
  if (owner === subject) return
  drafts.clear()
  const kept = readDrafts()
  hasComeBack.set(kept?.owner === subject)
  if (kept?.owner === subject) for (const [name, text] of kept.drafts) drafts.set(name, text)
  const untold = [...drafts].filter(([name, text]) => name.startsWith('key ') && !text.endsWith(TOLD))
  hasResumed.set(untold.length > 0)
  // Its key stays, for whoever presses it again; that it may not have been sent is said once.
  for (const [name, text] of untold) drafts.set(name, `${text}${TOLD}`)
  owner = subject
  dropKept('tab', KEPT)
}

/** They have signed out. */
export function forgetDrafts(): void {
  drafts.clear()
  owner = undefined
  dropKept('tab', KEPT)
}

/** @returns undefined where there are none, or they cannot be read. */
function readDrafts(): KeptDrafts | undefined {
  try {
    const kept = JSON.parse(readKept('tab', KEPT) ?? 'null') as KeptDrafts | null
    return Array.isArray(kept?.drafts) ? kept : undefined
  } catch {
    return undefined
  }
}

export function draftOf(name: string): string | undefined {
  return drafts.get(name)
}

/** @param text undefined where it was sent, or is not wanted any more. */
export function setDraft(name: string, text: string | undefined): void {
  // What could not be kept is made good by what is typed since, and by handing it in.
  drafts.delete(lostName(name))
  if (text === undefined) drafts.delete(name)
  else drafts.set(name, text)
}

/** As `useState`, of what is typed. @param name by which it is found again: `reject ID`. */
export function useDraft(name: string) {
  const [text, setText] = useState(() => drafts.get(name))
  return [
    text,
    (next: string | undefined) => {
      setDraft(name, next)
      setText(next)
    },
  ] as const
}

/**
 * As `useState`, of which dialog is open, undefined where none is. It opens again after a sign-in or a reload; whoever went
 * elsewhere has left it, and finds what they typed in it once they open it again.
 *
 * @param of whose dialog it is: `change ID`.
 */
export function useOpen(of: string) {
  const name = `open ${of}`
  const open = useDraft(name)
  // As it is drawn: somebody may go elsewhere before an effect is run.
  useLayoutEffect(() => {
    const place = placeNow()
    return () => {
      if (placeNow() !== place) setDraft(name, undefined)
    }
  }, [name])
  return open
}

const placeNow = () => routeOf(location.hash).path.join('/')
