import type { Token } from './tokens.ts'
import { Unclear } from './unclear.ts'

/**
 * The words of one part, one space between them.
 *
 * @param missing what to ask where there are none.
 * @throws Unclear
 */
export function wordsOf(tokens: readonly Token[], missing: string): string {
  if (tokens.length === 0) throw new Unclear(missing)
  return tokens.map(({ text }) => text).join(' ')
}
