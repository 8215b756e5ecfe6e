/** Commands, each as its own process: what is typed wrong is named before anything begins. */
import { describe, expect, it } from 'vitest'
import { command } from '../support/command.ts'

const bare: readonly (readonly [string, string])[] = [
  ['npm run rehearse', 'test/rehearse/main.ts'],
  ['npm run judge:iam', 'test/infra/permissions/judge/main.ts'],
  ['npm run judge:dynamodb', 'test/ledger/judge/main.ts'],
  ['npm run trace', 'infra/build/trace/main.ts'],
]

describe.each(bare)('%s', (name, main) => {
  it('explains itself, and begins nothing', async () => {
    const { code, stdout, stderr } = await command(main, ['--help'], {})
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.startsWith(name)).toBe(true)
  })

  it('names an option that it has not', async () => {
    const { code, stdout, stderr } = await command(main, ['--nope'], {})
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^Unknown option '--nope'/)
  })
})

it('npm run trace names a function that there is none of', async () => {
  const { code, stderr } = await command('infra/build/trace/main.ts', ['nope'], {})
  expect(code).toBe(2)
  expect(stderr).toMatch(/^There is no function nope/)
})

describe.each(['infra/redrive/main.ts', 'infra/credentials/main.ts'])('%s', (main) => {
  it('says where to name the region, where none is known', async () => {
    const nowhere = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
    const { code, stderr } = await command(main, ['--org', 'example'], nowhere)
    expect(code).toBe(1)
    expect(stderr).toContain("in which AWS region the stack of 'example' is")
    expect(stderr).toContain('set AWS_REGION')
  })
})
