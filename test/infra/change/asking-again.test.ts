/** `npm run change` before a gateway that breaks off, that is busy, and that finds bad rows by and by. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { changeOptions } from '../../../infra/change/options.ts'
import { changeCommand } from '../../../infra/change/run-change.ts'
import type { Change } from '../../../lib/changes/answers/change-schemas.ts'
import { leftAloneTextOf } from '../../../lib/changes/answers/words/found-words.ts'
import { CHANGE_ID, changeThat } from '../../http/ports.ts'
import { startServer } from '../../support/servers.ts'

const directory = mkdtempSync(join(tmpdir(), 'change-'))
const file = join(directory, 'list.csv')
writeFileSync(file, 'user,license,action\n')
afterAll(() => rmSync(directory, { recursive: true }))

/** Answers one after the other; the last goes on. @returns what a person sees, and what was asked for. */
async function runBefore(
  answers: readonly RequestListener[],
  args: readonly string[],
  columns?: number,
  leaveAt?: RegExp,
) {
  const asked: string[] = []
  const left = [...answers]
  const origin = await startServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['idempotency-key'] ?? ''}`.trim())
    const [next] = left.length > 1 ? left.splice(0, 1) : left
    request.resume().on('end', () => next?.(request, response))
  })
  const seen = { out: '', err: '' }
  const into = (name: keyof typeof seen) => ({
    write(text: string | Uint8Array) {
      seen[name] += String(text)
    },
  })
  const [out, err] = [into('out'), { ...into('err'), ...(columns !== undefined && { isTTY: true, columns }) }]
  const options = changeOptions([...args, '--url', origin])
  const variables = { LICENSE_GATEWAY_TOKEN: 'canary' }
  const command = changeCommand(options, { variables, directory, out, err })
  const running = command.run()
  if (leaveAt) {
    await expect.poll(() => seen.err).toMatch(leaveAt)
    command.leave()
  }
  const code = await running
  expect(seen.out + seen.err).not.toContain('canary')
  return { code, asked, ...seen }
}

const saying =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(JSON.stringify(body))
  }
const standing = (is: Partial<Change>) => saying(200, changeThat(is))
const breakingOff: RequestListener = ({ socket }) => {
  socket.destroy()
}
const nothing: RequestListener = (_request, response) => {
  response.end()
}
const busy = saying(503, { code: 'ledger.unavailable', message: 'The ledger fails' }, { 'retry-after': '0' })

describe('npm run change', () => {
  it('asks again where the connection breaks off or the gateway is busy, a file under the same key, and tells it once', async () => {
    const { code, asked, err } = await runBefore(
      [
        busy,
        breakingOff,
        standing({ state: 'PLANNING' }),
        breakingOff,
        busy,
        standing({ state: 'CANCELLED' }),
        nothing,
      ],
      ['apply', file],
    )
    expect(code).toBe(1)
    const [first, second, third, ...looks] = asked
    expect(first).toMatch(/^POST \/v1\/changes\?isDraft=true file-[0-9a-f]{64}$/)
    expect([second, third]).toEqual([first, first])
    expect(new Set(looks.slice(0, 3))).toEqual(new Set([`GET /v1/changes/${CHANGE_ID}`]))
    expect(err.match(/The ledger fails \(503 ledger.unavailable\); it is asked again/g)).toHaveLength(1)
    expect(err.match(/does not answer \(.*\); it is asked again/g)).toHaveLength(1)
  })

  it('tells bad rows that a turn has found, and where the rest of them are', async () => {
    const rows = Array.from({ length: 100 }, (_, at) => ({
      line: at + 2,
      outcome: 'invalid',
      result: `line ${at + 2}: user is nobody`,
    }))
    const failure = { status: 400, code: 'bad.request', message: '300 of 2500 rows cannot be planned' }
    const { code, err, asked } = await runBefore(
      [
        standing({ state: 'PLANNING' }),
        standing({ state: 'INVALID', failure }),
        saying(200, { entities: rows }),
      ],
      ['plan', file, '--not-after', '2026-12-01T09:00:00+01:00'],
    )
    expect(code).toBe(1)
    expect(asked[0]).toContain('POST /v1/changes?notAfter=2026-12-01T09%3A00%3A00%2B01%3A00&isDraft=true ')
    expect(err).toContain('line 2: user is nobody\nline 3: user is nobody\n')
    expect(err).toContain('300 of 2500 rows cannot be planned\n')
    expect(err).toContain(`npm run change -- results ${CHANGE_ID} --out bad-rows.csv`)
  })

  it('says, where it is left, what was applied and how it goes on', async () => {
    const list = { parts: 6, begun: 2, underWay: 0, outcomes: { applied: 95 }, requests: 6 }
    const planning = await runBefore(
      [
        standing({ state: 'PLANNING' }),
        standing({ state: 'PLANNING' }),
        standing({ state: 'NOOP' }),
        nothing,
      ],
      ['apply', file],
      undefined,
      /it came/,
    )
    expect(planning.err).toContain('this command has applied nothing')
    expect(planning.err).toContain(`npm run change -- apply ${CHANGE_ID}`)
    const paused = await runBefore(
      [standing({ state: 'PAUSED', isReleased: true, list }), standing({ state: 'APPLIED', list }), nothing],
      ['watch', CHANGE_ID],
      undefined,
      /is paused/,
    )
    expect(paused.err).toContain(`/v1/changes/${CHANGE_ID}/resume`)
    expect(paused.err).not.toContain('/pause')
  })

  it('leaves the count of people to the approver, who is asked for it', async () => {
    const { out } = await runBefore(
      [
        standing({
          state: 'AWAITING_APPROVAL',
          impact: { people: 970, massRemovals: [{ licenseId: 'cloudCX1', people: 970, holders: 980 }] },
        }),
        nothing,
      ],
      ['plan', file],
    )
    expect(out).toContain('changes 970 people')
    expect(out).toContain('"confirmPeople":N}')
    expect(out).toContain('N is for whoever types it')
    expect(out).not.toMatch(/confirm\S+970/i)
  })

  it('rewrites one line of a terminal, which is no longer than that, and takes it away at the end', async () => {
    const list = {
      parts: 6,
      begun: 2,
      underWay: 1,
      outcomes: { applied: 95, conflict: 3, notSettled: 422 },
      requests: 6,
    }
    const desired = { pairs: 520, users: 130, licenses: ['cloudCX3'] }
    const updatedAt = '2026-11-29T10:00:00.000Z'
    const { err, out } = await runBefore(
      [
        standing({
          state: 'RUNNING',
          desired,
          list: { ...list, endEstimatedAt: '2026-11-29T10:02:00.000Z' },
          updatedAt,
        }),
        standing({
          state: 'RUNNING',
          desired,
          list: { ...list, waitsUntil: '2026-11-29T10:01:00.000Z' },
          waits: { why: 'minute.used', says: 'the minute is used up until 2026-11-29T10:01:00.000Z' },
          updatedAt,
        }),
        standing({ state: 'PAUSED', desired, list, updatedAt }),
        standing({
          state: 'PARTIAL',
          desired,
          list: { ...list, outcomes: { applied: 517, conflict: 3 } },
          updatedAt,
        }),
      ],
      ['watch', CHANGE_ID],
      80,
    )
    const shown = err.split('\r\x1b[K')
    expect(shown[1]).toBe('98 of 520 pairs; 3 NOT DONE; 2 of 6 parts; 6 requests; some 2 min left')
    expect(shown[2]).toBe('98 of 520 pairs; 3 NOT DONE; 2 of 6 parts; 6 requests; the minute is used up un')
    expect(shown[3]).toMatch(/^is paused: no further part begins; POST …\/resume lets it go on; /)
    expect(shown.slice(1, 4).every(({ length }) => length < 80)).toBe(true)
    expect(shown[4]).toContain(`results ${CHANGE_ID} --outcome conflict`)
    expect(out).toMatch(/^outcome +pairs\napplied +517 .*\nconflict +3 /m)
  })

  const calledOff = {
    state: 'CANCELLED',
    list: {
      parts: 12,
      begun: 2,
      underWay: 0,
      outcomes: { applied: 189, conflict: 1, notSent: 909 },
      requests: 6,
    },
  } as const

  it('counts what a list that was called off has not sent, names its results and plans it anew', async () => {
    const { code, out, err } = await runBefore([standing(calledOff)], ['watch', CHANGE_ID])
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/^applied +189 .*\nconflict +1 .*\nnot.sent +909 /m),
    ])
    const command = `  npm run change -- results ${CHANGE_ID} --outcome`
    expect(err).toContain(`Which they are:\n${command} conflict --url `)
    expect(err).toContain(`${command} not.sent --url `)
    expect(err).toContain(`/v1/changes/${CHANGE_ID}/retry`)
  })

  it.each(['RUNNING', 'APPLIED'] as const)(
    'says who has asked again for what did not come about, and does not offer it anew: %s',
    async (state) => {
      const retry = {
        id: '8arnggh2q0w2tzprphs7',
        state,
        actor: { kind: 'jwt', id: 'ana', person: 'ana' },
      } as const
      const { err } = await runBefore(
        [standing({ ...calledOff, retriedBy: retry.id }), standing(retry)],
        ['watch', CHANGE_ID],
      )
      expect(err).not.toContain(`/v1/changes/${CHANGE_ID}/retry`)
      expect(err).toContain(`asked for again by ana, as ${retry.id}, which is ${state}:`)
      expect(err).toContain(`  npm run change -- watch ${retry.id} --url `)
    },
  )

  it('plans nothing anew that was to be taken back by now', async () => {
    const revert = { at: '2020-01-01T00:00:00.000Z' }
    const { err } = await runBefore([standing({ ...calledOff, revert })], ['watch', CHANGE_ID])
    expect(err).not.toContain('/retry')
  })

  it('names the first five whom an undo leaves as they are, and counts the others', async () => {
    const idOf = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
    const leftAlone = Array.from({ length: 9 }, (_, n) => ({ licenseId: 'cloudCX3', userId: idOf(n) }))
    const user = { id: idOf(0), name: 'Ana Abebe', licenses: [], selfUri: '/' }
    const undo = { state: 'APPLIED', undoes: CHANGE_ID, leftAlone, list: calledOff.list } as const
    const { out, asked } = await runBefore(
      [standing(undo), saying(200, { entities: [user], asOf: '2026-11-20T18:00:00.000Z', isWhole: true })],
      ['watch', CHANGE_ID],
    )
    expect(asked.at(-1)).toBe(
      `GET /v1/users?id=${leftAlone
        .slice(0, 5)
        .map(({ userId }) => userId)
        .join(',')}`,
    )
    expect(out).toContain(
      '9 left alone, since somebody has changed them meanwhile: cloudCX3 of Ana Abebe, cloudCX3 of 00000000-',
    )
    expect(out).toContain(`cloudCX3 of ${idOf(4)} and 4 more.\n`)
    // Of more than a thousand the record names the first.
    const called = (id: string) => id
    expect(
      leftAloneTextOf(
        Array.from({ length: 1_000 }, () => leftAlone)
          .flat()
          .slice(0, 1_000),
        called,
      ),
    ).toMatch(/^At least 1000 left alone, .* and at least 995 more\.$/)
  })

  it('gives up at once where somebody must do something first, and soon where nothing ever answered', async () => {
    const refused = saying(503, { code: 'credentials.unavailable', message: 'No token' })
    await expect(runBefore([refused], ['watch', CHANGE_ID])).rejects.toThrow(
      'No token (503 credentials.unavailable)',
    )
    await expect(runBefore([saying(302, {})], ['watch', CHANGE_ID])).rejects.toThrow(
      'The gateway answered 302',
    )
    await expect(runBefore([saying(200, { id: 1 })], ['watch', CHANGE_ID])).rejects.toThrow(
      'what this command does not know',
    )
  })
})
