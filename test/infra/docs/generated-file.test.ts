import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** A generator whose content is made by these words of JavaScript. */
function generate(content: string) {
  const script = `
    import { WantingError, writeOrCheck } from '${join(root, 'infra/generated-file.ts')}'
    writeOrCheck(new URL('file:///nowhere/page.md'), () => { ${content} }, 'docs')`
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
}

describe('a generator', () => {
  it('prints what it lacks as its sentence alone, and fails', () => {
    const { status, stderr } = generate("throw new WantingError('examples.ts has no body for putSeat')")
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'examples.ts has no body for putSeat\n' })
  })

  it('shows where a mistake of its own was made', () => {
    const { status, stderr } = generate('undefined.length')
    expect(status).toBe(1)
    expect(stderr).toContain('TypeError')
    expect(stderr).toContain('generated-file.ts')
  })
})
