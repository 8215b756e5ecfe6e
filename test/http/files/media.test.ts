/** Which file a caller is given, by Accept, and what is refused. */
import { describe, expect, it } from 'vitest'
import { defineOperation } from '../../../lib/operation.ts'
import { getChangeResults } from '../../../lib/operations/changes/get-change-results.ts'
import { listChanges } from '../../../lib/operations/changes/list-changes.ts'
import { bound, CHANGE_ID, records } from '../ports.ts'
import { ask, changesOf, type FileAnswer, partsOf } from './asking.ts'

const CSV = 'text/csv; charset=utf-8; header=present'
const NDJSON = 'application/x-ndjson'
const JSON_TYPE = 'application/json'

const row = { changeId: CHANGE_ID, actor: 'jwt:ana' }
const listing = () => changesOf(() => partsOf([[row]]))

function refusalIn({ status, headers, body }: FileAnswer) {
  const { code, details } = JSON.parse(body.toString('utf8'))
  return {
    status,
    type: headers['content-type'],
    code,
    details: details.map((each: { fieldName: string; errorCode: string }) => [
      each.fieldName,
      each.errorCode,
    ]),
  }
}

describe('Accept', () => {
  it.each([
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/json', JSON_TYPE],
    ['text/csv', CSV],
    ['TEXT/CSV', CSV],
    ['text/csv; charset=utf-8', CSV],
    ['text/csv;charset="UTF-8";header=present;q=0.5', CSV],
    ['application/json; odata=verbose', JSON_TYPE],
    ['text/csv;q=2, application/x-ndjson', NDJSON],
    ['text/*', CSV],
    ['application/x-ndjson', NDJSON],
    ['application/*', JSON_TYPE],
    ['text/html, text/csv', CSV],
    ['application/json;q=0.5, text/csv', CSV],
    ['application/json;q=0.5, text/csv;q=0.4, */*;q=0.9', NDJSON],
    ['*/*, application/json;q=0', CSV],
    ['text/csv;q=0, */*;q=0.1', JSON_TYPE],
    // A browser's, which knows neither.
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', JSON_TYPE],
    ['nonsense, text/csv', CSV],
  ])('%j gets %s', async (accept, type) => {
    const answer = await ask(listing(), { accept })
    expect([answer.status, answer.headers['content-type'], answer.isWhole]).toEqual([200, type, true])
  })

  it.each([
    'text/html',
    'application/xml, image/*',
    'application/json;q=0',
    'text/csv;q=2',
    'text/csv; charset=latin1',
    'text/csv;header=absent',
    'nonsense',
    '*',
    ',',
  ])('%j is refused, with what there is (O01)', async (accept) => {
    const answer = await ask(listing(), { accept })
    expect(refusalIn(answer)).toEqual({
      status: 406,
      type: JSON_TYPE,
      code: 'not.acceptable',
      details: [['accept', 'NOT_ACCEPTABLE']],
    })
    expect(answer.body.toString()).toContain('application/json, text/csv, application/x-ndjson')
  })

  it('is one list where it comes in several headers', async () => {
    const answer = await ask(listing(), { accept: 'application/json;q=0.1\r\nAccept: text/csv' })
    expect(answer.headers['content-type']).toBe(CSV)
  })
})

describe('a file', () => {
  it.each([
    ['text/csv', 'csv'],
    ['application/x-ndjson', 'ndjson'],
  ])('as %s is kept by nobody on the way, and has a name', async (accept, ending) => {
    const query = '?from=2026-10-31T23:30:00Z&to=2026-11-30T23:59:59.999Z'
    const { headers } = await ask(listing(), { accept, query })
    expect(headers).toMatchObject({
      'content-disposition': `attachment; filename="changes-2026-10-31-2026-11-30.${ending}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it('of the results of a change is called after it', async () => {
    const results = bound(
      getChangeResults,
      records({ resultRows: () => partsOf([[{ featureName: 'wallboards', desired: true }]]) }),
    )
    const { headers, body } = await ask(results, { accept: 'text/csv' })
    expect(headers['content-disposition']).toBe(`attachment; filename="change-${CHANGE_ID}.csv"`)
    expect(body.toString()).toBe(
      'licenseId,userId,userName,featureName,desired,outcome,result,before,after,action,userEmail\r\n,,,wallboards,true,,,,,,\r\n',
    )
  })

  it('is whole: what would make a part of it is refused (O02)', async () => {
    const answer = await ask(listing(), { accept: 'text/csv', query: '?limit=10&cursor=abc' })
    expect(refusalIn(answer)).toMatchObject({
      status: 400,
      code: 'bad.request',
      details: [
        ['limit', 'CONTRADICTION'],
        ['cursor', 'CONTRADICTION'],
      ],
    })
  })

  it('of CSV begins with a byte order mark where that is asked for, and not else', async () => {
    const marked = await ask(listing(), { accept: 'text/csv', query: '?bom=true' })
    expect(marked.body.subarray(0, 12).toString('utf8')).toBe('\ufeffchangeId,')
    const plain = await ask(listing(), { accept: 'text/csv' })
    expect(plain.body.subarray(0, 8).toString()).toBe('changeId')
  })

  it.each([
    ['application/json', '?bom=true', 'CONTRADICTION'],
    ['application/x-ndjson', '?bom=true', 'CONTRADICTION'],
    ['text/csv', '?bom=yes', 'INVALID_VALUE'],
  ])('of %s takes no %s', async (accept, query, errorCode) => {
    const refusal = refusalIn(await ask(listing(), { accept, query }))
    expect(refusal).toMatchObject({ status: 400, details: [['bom', errorCode]] })
  })

  it('that contradicts itself is refused as the list is', async () => {
    const refusal = refusalIn(await ask(listing(), { accept: 'text/csv', query: '?toggle=x&license=y' }))
    expect(refusal).toMatchObject({ status: 400, details: [['license', 'CONTRADICTION']] })
  })

  it('is not there for HEAD, as for every operation', async () => {
    expect((await ask(listing(), { accept: 'text/csv', method: 'HEAD' })).status).toBe(404)
  })
})

describe('a page for people', () => {
  const paged = defineOperation({
    id: 'listChanges',
    method: 'GET',
    path: '/v1/changes',
    summary: '',
    description: '',
    effect: 'record',
    role: 'viewer',
    params: {},
    response: listChanges.response,
    permissions: { anyOf: [] },
    files: {
      name: () => 'Über "2026"/../November',
      columns: ['changeId'],
      pagedBy: [],
      rows: () => partsOf([]),
      loggedQuery: [],
      page: async () => ({ html: '<!doctype html><title>Ürün</title>', people: 3 }),
    },
    run: async () => ({}),
  })

  it('is HTML that runs nothing and asks for nothing, under a name that leaves no folder (O10)', async () => {
    const { headers, body } = await ask(bound(paged, records({})), { accept: 'text/html,*/*;q=0.8' })
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': 'inline; filename="-ber-2026-november.html"',
      'content-security-policy': expect.stringMatching(/^default-src 'none'/),
    })
    expect(body.toString()).toBe('<!doctype html><title>Ürün</title>')
  })
})
