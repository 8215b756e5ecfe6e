/** How much there is of something, as it is written and as it is heard. */
import { useEffect, useRef } from 'preact/hooks'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { numberOf } from './times.tsx'

/** What is counted: one, and several of them. */
export type CountWords = readonly [one: string, several: string]

/** Of each key that is typed nobody wants to hear. Milliseconds. */
const TYPING_MS = 400

export function countedText(count: number, [one, several]: CountWords): string {
  return `${numberOf(count)} ${count === 1 ? one : several}`
}

/**
 * Focus stays where one types or chooses, so how many that has found is heard.
 * @param asked what was looked for: of another one it is told. @param count undefined before it is known.
 */
export function useFoundAloud(
  asked: string,
  count: number | undefined,
  of: CountWords,
  isMore = false,
): void {
  // Whoever arrives has asked for nothing yet.
  const told = useRef(asked)
  useEffect(() => {
    if (count === undefined || told.current === asked) return
    const counted = countedText(count, of)
    const timer = setTimeout(() => {
      told.current = asked
      tellAloud(count === 0 ? 'Nothing fits.' : `${isMore ? 'The first ' : ''}${counted}.`)
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [asked, count, isMore])
}
