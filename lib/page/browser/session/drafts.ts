/**
 * What somebody has typed and not sent. It outlives a redirect to the sign-in, and the part of the page that it was typed
 * into: a dialog whose draft is there opens by itself.
 */
import { useState } from 'preact/hooks'

const KEPT = 'license-page-drafts'
const drafts = new Map<string, string>()

/** Name of what says that a draft was too long to be kept. */
const lostName = (name: string) => `lost ${name}`

/** Before the page is left for the sign-in. What is longer than a browser keeps goes, the longest first. */
export function keepDrafts(): void {
  const kept = new Map(drafts)
  while (!store(kept)) {
    const [longest] = [...kept].sort(([, one], [, other]) => other.length - one.length)
    if (longest === undefined) return
    kept.delete(longest[0])
    kept.set(lostName(longest[0]), '')
  }
}

function store(kept: ReadonlyMap<string, string>): boolean {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...kept]))
    return true
  } catch {
    // A browser has some five million characters for it.
    return false
  }
}

/** Whether something was typed that could not be kept over a sign-in. */
export function isLost(name: string): boolean {
  return drafts.has(lostName(name))
}

/** Once, before anything is drawn. */
export function restoreDrafts(): void {
  const kept = sessionStorage.getItem(KEPT)
  if (kept === null) return
  for (const [name, text] of JSON.parse(kept) as [string, string][]) drafts.set(name, text)
}

/** Somebody is signed in again: what was kept for that is with the page now. */
export function forgetKept(): void {
  sessionStorage.removeItem(KEPT)
}

export function draftOf(name: string): string | undefined {
  return drafts.get(name)
}

/** @param text undefined where it was sent, or is not wanted any more. */
export function setDraft(name: string, text: string | undefined): void {
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
