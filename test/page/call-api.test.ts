/** What the page makes of what comes back, and of what does not, over a real socket. */
import type { RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import { apiAt, type PageCall } from '../../lib/page/browser/api/call-api.ts'
import { NoAnswer, problemTextOf } from '../../lib/page/browser/api/problems.ts'
import { startServer } from '../support/servers.ts'

const signIn = { token: async () => 'first', renew: async () => 'second' }

/** Longest that what does not come is waited for; what comes has the page's own time, on a busy machine too. Milliseconds. */
const IN_VAIN_MS = 200

async function apiOf(listener: RequestListener, answeredWithinMs = 60_000) {
  return apiAt(`${await startServer(listener)}/`, signIn, { body: answeredWithinMs, csv: answeredWithinMs })
}

/** @returns the sentence that somebody sees. */
async function problemOf(
  listener: RequestListener,
  call: PageCall = { path: 'v1/changes' },
  answeredWithinMs?: number,
) {
  const api = await apiOf(listener, answeredWithinMs)
  const problem: unknown = await api.call(call).then(
    () => undefined,
    (error) => error,
  )
  expect(problem).toBeInstanceOf(Error)
  return problemTextOf(problem)
}

const apply = { method: 'POST', path: 'v1/changes/x/apply', body: {} } as const

describe('a call of the page', () => {
  it.each([
    ['that never comes', () => {}],
    [
      'that breaks off',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '20' }).write('{"state":')
        setImmediate(() => response.destroy())
      },
    ],
    ['that is no JSON', (_request, response) => response.end('‹html›')],
    ['that stops midway', (_request, response) => response.write('{"state":')],
  ] as readonly [string, RequestListener][])(
    'tells of an answer %s, and of a press that nothing is known yet',
    async (_which, listener) => {
      expect(await problemOf(listener, undefined, IN_VAIN_MS)).toMatch(/does not answer|broke off/)
      expect(await problemOf(listener, apply, IN_VAIN_MS)).toMatch(/nobody knows yet whether it was done/)
    },
  )

  it.each(['null', '"no"', '{"message":{"of":"another"}}', '{"details":{}}', '[]', '<html>'])(
    'makes a sentence of a refusal in words of another: %s',
    async (body) => {
      const text = await problemOf((_request, response) => response.writeHead(418).end(body))
      expect(text).toBe('The gateway answered 418 and nothing else. Try again in a while.')
    },
  )

  it('keeps errors of libraries to itself', () => {
    expect(problemTextOf(new TypeError('Failed to fetch'))).toMatch(/^Something has happened/)
    expect(problemTextOf(new NoAnswer('Told.'))).toBe('Told.')
  })

  it.each(['v1/changes/..', 'v1/changes/.', 'v1/people/%2E%2e/x'])('never asks for %s', async (path) => {
    let asked = 0
    const text = await problemOf(
      (_request, response) => {
        asked += 1
        response.end('{}')
      },
      { path },
    )
    expect([text, asked]).toEqual(['There is nothing of that name.', 0])
  })

  it.each([
    ['', 'a little'],
    ['-1', 'a little'],
    ['3600', '3600 s'],
    ['Sun, 29 Nov 2099 12:00:00 GMT', '3600 s'],
  ])('that is refused as too much, to come again at “%s”, is not sent again by itself', async (at, wait) => {
    let asked = 0
    const text = await problemOf((_request, response) => {
      asked += 1
      response.writeHead(429, { 'retry-after': at }).end('{}')
    })
    expect([text, asked]).toEqual([`Too much was asked at once. Wait ${wait}, then try again.`, 1])
  })

  it('that is denied makes the page ask who it is for, unless that was asked', async () => {
    const api = await apiOf((_request, response) => response.writeHead(403).end('{}'))
    await expect(api.call({ path: 'v1/me' })).rejects.toThrow()
    expect(api.denials.get()).toBe(0)
    await expect(api.call({ path: 'v1/seats' })).rejects.toThrow()
    expect(api.denials.get()).toBe(1)
  })
})
