import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

const LINES_MODULE = pathToFileURL(`${import.meta.dirname}/../../lib/observe/log-lines.ts`).href

/** Larger than a pipe holds (64 kB on Linux), so that writing it takes several steps. */
const LONG = 300_000

describe('standard output', () => {
  it('gets every line whole, however slowly it is read', async () => {
    const script = `
      import { lines } from ${JSON.stringify(LINES_MODULE)}
      lines.write('a'.repeat(${LONG}) + 'ä\\n')
      lines.write('b\\n')`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const chunks: Buffer[] = []
    const ended = once(child.stdout, 'end')
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      child.stdout.pause()
      void wait(1).then(() => child.stdout.resume())
    })
    await ended
    const text = Buffer.concat(chunks).toString('utf8')
    expect(text.length).toBe(LONG + 'ä\n'.length + 'b\n'.length)
    expect(text.endsWith('aä\nb\n')).toBe(true)
  })
})
