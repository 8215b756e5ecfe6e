/** `npm run event`, as its own process against a stand-in for AWS with its run.json. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startAws } from '../../../infra/local/aws/server.ts'
import { writeRunFile } from '../../../infra/local/run-file.ts'
import { command } from '../../support/command.ts'

const aws = await startAws({ busName: 'local' })
const directory = mkdtempSync(join(tmpdir(), 'event-'))
const run = {
  gateway: 'http://127.0.0.1:4010',
  org: 'http://127.0.0.1:1',
  aws: aws.url,
  events: aws.url,
  ledger: 'http://127.0.0.1:1',
  key: aws.key,
  tokens: { viewer: 'viewer-token', operator: 'canary', approver: 'canary' },
}
writeRunFile(directory, run)
afterAll(async () => {
  await aws.close()
  rmSync(directory, { recursive: true })
})

const event = (...args: readonly string[]) => command('infra/local/event/main.ts', args, {})

describe('the event command', () => {
  it('puts one event and says where to see what became of it', async () => {
    const ended = await event('toggle', 'autoRequeue', 'on', '--data', directory)
    const [put] = aws.events().slice(-1)
    expect(put).toMatchObject({
      source: 'local.command',
      'detail-type': 'License Toggle Requested',
      detail: { featureName: 'autoRequeue', enabled: true },
    })
    expect(ended).toEqual({
      code: 0,
      stdout: `event ${put?.id} put; see what became of it:\n  curl -H @${directory}/viewer.header 'http://127.0.0.1:4010/v1/changes?toggle=autoRequeue'\n`,
      stderr: '',
    })
  })

  it('hands on the reason and the latest time', async () => {
    const more = ['--reason', 'peak is over', '--not-after', '2026-12-01T10:00:00+01:00']
    const ended = await event('toggle', 'autoRequeue', 'off', ...more, '--data', directory)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(aws.events().at(-1)?.detail).toEqual({
      featureName: 'autoRequeue',
      enabled: false,
      reason: 'peak is over',
      notAfter: '2026-12-01T10:00:00+01:00',
    })
  })

  it.each([
    ['nothing', [], 'Say what to ask for'],
    ['another kind of event', ['license', 'f', 'on'], "There is no event 'license'"],
    ['no toggle', ['toggle'], 'Say which toggle'],
    ['neither on nor off', ['toggle', 'f', 'true'], 'Say on or off'],
    ['more than that', ['toggle', 'f', 'on', 'off'], 'There is nothing to be said after on'],
    ['a name that is none', ['toggle', '../f', 'on'], 'FEATURE must be 1 to 128 of '],
    ['an empty reason', ['toggle', 'f', 'on', '--reason', ''], '--reason must be 1 to 500 characters'],
    [
      'a time without an offset',
      ['toggle', 'f', 'on', '--not-after', '2026-12-01T10:00'],
      '--not-after must be',
    ],
    ['an option nobody knows', ['toggle', 'f', 'on', '--now'], "Unknown option '--now'"],
  ])('with %s says how it is used', async (_, args, sentence) => {
    const before = aws.events().length
    const ended = await event(...args)
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toContain(sentence)
    expect(ended.stderr).toMatch(/; --help says how it is used\n$/)
    expect(aws.events()).toHaveLength(before)
  })

  it('says so where no gateway runs, or none any more', async () => {
    expect(await event('toggle', 'f', 'on', '--data', '/nowhere')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'No gateway runs on /nowhere: start one with npm start -- --data /nowhere\n',
    })
    const gone = mkdtempSync(join(tmpdir(), 'event-'))
    writeRunFile(gone, { ...run, events: 'http://127.0.0.1:1' })
    const ended = await event('toggle', 'f', 'on', '--data', gone)
    rmSync(gone, { recursive: true })
    expect([ended.code, ended.stdout]).toEqual([1, ''])
    expect(ended.stderr).toMatch(/^Putting the event failed with .*127\.0\.0\.1:1\?\n$/)
  })

  it('says why the bus did not take it', async () => {
    aws.fail('PutEvents', { type: 'ThrottlingException', entry: 0 })
    expect(await event('toggle', 'f', 'on', '--data', directory)).toMatchObject({
      code: 1,
      stderr: 'The event bus refused the event with ThrottlingException: The entry was told to be refused.\n',
    })
  })
})
