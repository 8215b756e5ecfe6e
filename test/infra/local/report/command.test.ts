/** `npm run report`, as its own process against what answers as the gateway would. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeRunFile } from '../../../../infra/local/run-file.ts'
import { command } from '../../../support/command.ts'
import { startServer } from '../../../support/servers.ts'

const directory = mkdtempSync(join(tmpdir(), 'report-'))
afterAll(() => rmSync(directory, { recursive: true }))

const FIGURES = {
  id: '2026-11',
  start: '2026-11-01',
  end: '2026-11-30',
  status: 'open',
  asOf: '2026-11-28T02:10:00.000Z',
  isWhole: true,
  counting: 'named',
  licenses: [
    { licenseId: 'cloudCX3', seats: 250, over: 3, overSince: '2026-11-24' },
    { licenseId: 'cloudCX1', seats: 75, over: 0 },
    { licenseId: 'wallboardUser' },
  ],
}

/** Runs the command against a gateway that answers so. @returns what it asked for too. */
async function reportOf(answer: RequestListener, args: readonly string[] = []) {
  const asked: string[] = []
  const gateway = await startServer((request, response) => {
    asked.push(`${request.url} ${request.headers.accept}`)
    if (request.headers.authorization === 'Bearer viewer-token') answer(request, response)
    else response.writeHead(401).end()
  })
  writeRunFile(directory, {
    gateway,
    org: gateway,
    aws: gateway,
    events: gateway,
    ledger: gateway,
    key: { accessKeyId: 'key', secretAccessKey: 'canary' },
    tokens: { viewer: 'viewer-token', operator: 'canary', approver: 'canary' },
  })
  const ended = await command('infra/local/report/main.ts', [...args, '--data', directory], {})
  return { ...ended, asked }
}

/** Answers with the figures where JSON is asked for, else with the media type's name. */
const period: RequestListener = ({ headers: { accept = '' } }, response) => {
  response.end(accept === 'application/json' ? JSON.stringify(FIGURES) : `as ${accept}`)
}

describe('npm run report', () => {
  it('keeps the page of the current period, and says what it says in three lines', async () => {
    const { code, stdout, stderr, asked } = await reportOf(period)
    const file = join(directory, 'report-current.html')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.split('\n')).toEqual([
      `${file}: period 2026-11, 2026-11-01 to 2026-11-30, open`,
      'as of 2026-11-28T02:10:00.000Z, the whole organization; counted as named',
      '3 licenses; over: cloudCX3 by 3 since 2026-11-24; of 1 nobody has told how many are paid for',
      '',
    ])
    expect(readFileSync(file, 'utf8')).toBe('as text/html')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(asked).toEqual(['/v1/periods/current application/json', '/v1/periods/2026-11 text/html'])
  })

  it.each([
    ['what the name of the file ends in', [], 'csv', 'as text/csv', '/v1/periods/2026-11?bom=true text/csv'],
    [
      '--format',
      ['--format', 'ndjson'],
      'txt',
      'as application/x-ndjson',
      '/v1/periods/2026-11 application/x-ndjson',
    ],
  ])('takes the format from %s', async (_, args, ending, kept, last) => {
    const file = join(directory, `out.${ending}`)
    const { code, asked } = await reportOf(period, [...args, '--out', file])
    expect([code, readFileSync(file, 'utf8'), asked.at(-1)]).toEqual([0, kept, last])
    // What somebody has named is theirs; without a name the report of before is replaced.
    const once = await reportOf(period, [...args, '--out', file])
    expect([once.code, once.asked]).toEqual([2, []])
    expect(once.stderr).toContain(`--out ${file} is there already`)
  })

  it('refuses a name that ends in what it cannot write', async () => {
    const { code, stderr } = await reportOf(period, ['--out', join(directory, 'out.pdf')])
    expect(code).toBe(2)
    expect(stderr).toContain('--format')
  })

  it('says of a reading that is not whole that counts may be wrong', async () => {
    const { stdout } = await reportOf((_request, response) => {
      response.end(JSON.stringify({ ...FIGURES, isWhole: false, counting: undefined, licenses: [] }))
    })
    expect(stdout).toContain(
      'not the whole organization, so counts may be wrong; how the contract counts is not known',
    )
    expect(stdout).toContain('0 licenses; no license is known to be over')
  })

  it('names the periods that there are, where there is no such', async () => {
    const closed = { id: '2026-10', start: '2026-10-01', end: '2026-10-31', status: 'closed' }
    const { code, stdout, stderr } = await reportOf(
      ({ url }, response) => {
        if (url === '/v1/periods')
          response.end(JSON.stringify({ entities: [FIGURES, ...Array.from({ length: 13 }, () => closed)] }))
        else response.writeHead(404).end('{"code":"not.found","message":"no"}')
      },
      ['--period', '2019/01'],
    )
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr.split('\n').slice(0, 3)).toEqual([
      'There is no period 2019/01; say current, a day of one of these, or its id:',
      '  2026-11  2026-11-01 to 2026-11-30, open',
      '  2026-10  2026-10-01 to 2026-10-31, closed',
    ])
    expect(stderr).toMatch(/, closed\nand 2 older\n$/)
  })

  it('says how long to wait for the first reading', async () => {
    const { code, stderr } = await reportOf((_request, response) => {
      response
        .writeHead(503, { 'retry-after': '60' })
        .end('{"code":"reading.unavailable","message":"No reading is there yet"}')
    })
    expect([code, stderr]).toEqual([
      1,
      'No reading is there yet (503 reading.unavailable); ask again in 60 s\n',
    ])
  })

  it('keeps nothing of a file that breaks off', async () => {
    const file = join(directory, 'broken.csv')
    const { code, stderr } = await reportOf(
      ({ headers: { accept } }, response) => {
        if (accept === 'application/json') response.end(JSON.stringify(FIGURES))
        else response.write('row,', () => response.destroy())
      },
      ['--out', file],
    )
    expect([code, existsSync(file)]).toEqual([1, false])
    expect(stderr).toBe('The answer broke off before its end, so nothing was kept; ask again\n')
  })

  it('says why a file cannot be written, and what is typed wrong', async () => {
    const missing = join(directory, 'no/such/report.html')
    const { code, stderr } = await reportOf(period, ['--out', missing])
    expect([code, stderr]).toEqual([1, `${missing} cannot be written: its directory is not there\n`])
    for (const args of [['--format', 'pdf'], ['--out', ''], ['--period', ''], ['2026-11']]) {
      const ended = await reportOf(period, args)
      expect([ended.code, ended.asked]).toEqual([2, []])
      expect(ended.stderr).toMatch(/; --help says how it is used\n$/)
    }
  })

  it('says so where the gateway is gone', async () => {
    const { code, stderr } = await reportOf((request) => request.socket.destroy())
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^The gateway at http:\S+ does not answer; is that npm start still running\?\n$/),
    ])
  })
})
