/** What functions log in a test's own process (lib/observe/lines.ts), taken here alone. */
import { onTestFinished } from 'vitest'
import { lines } from '../../lib/observe/log-lines.ts'

/** @returns every line that is logged from now until the test ends; then they go where they went before. */
export function takeLines(atEnd: (end: () => void) => void = onTestFinished): string[] {
  const taken: string[] = []
  const { write } = lines
  lines.write = (line) => taken.push(line)
  atEnd(() => {
    lines.write = write
  })
  return taken
}
