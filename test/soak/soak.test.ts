import { expect, it } from 'vitest'
import { command } from '../support/command.ts'

it('npm run soak works through each of its parts by itself, with nothing of whoever calls it', async () => {
  const { code, stdout, stderr } = await command('test/soak/main.ts', ['--minutes', '0.05'], {})
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/: (survived \d+ crashes|\d+ states|.*one change and one POST)/)
  expect(stdout).toMatch(/ whole readings in \d+ days/)
  expect(stdout).toMatch(/\d+ histories and \d+ lists, none broke a promise/)
}, 60_000)
