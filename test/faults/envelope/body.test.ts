/** Group A of the fault catalogue: media type, encoding and size of a body, before it is read as JSON. */
import { describe, expect, it } from 'vitest'
import { giving, ORGANIZATION, postOrganization, userAt } from '../../support/changes/license-requests.ts'
import { invoke, restEvent } from '../../support/events.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import {
  expectBadRequest,
  expectError,
  expectStandingHeaders,
  expectUntouched,
} from '../../support/refusals.ts'

const stack = await gatewayForTests()
const { org } = stack
const user = userAt(stack, 0)
const body = JSON.stringify(giving(user))

describe('a missing body', () => {
  it('is refused before any secret, token or upstream call where the operation needs one (A01)', async () => {
    expectBadRequest(stack, await invoke('postLicenseOrganization', restEvent('postLicenseOrganization')), [
      '$',
      'INVALID_BODY',
    ])
    const sent = await sendRaw(stack, { method: 'POST', path: ORGANIZATION })
    expectBadRequest(stack, sent, ['$', 'INVALID_BODY'])
  })

  it('is refused the same where the event has no body at all (A02)', async () => {
    const { body: _none, ...event } = restEvent('postLicenseOrganization')
    expectBadRequest(stack, await invoke('postLicenseOrganization', event), ['$', 'INVALID_BODY'])
  })

  it.each([[''], ['   '], ['\r\n\t']])('is refused where it is %j (A03)', async (text) => {
    const answer = await invoke(
      'postLicenseOrganization',
      restEvent('postLicenseOrganization', { body: text }),
    )
    expectBadRequest(stack, answer, ['$', 'INVALID_JSON'])
  })

  it.each(['postLicenseUsers', 'postLicenseInfer', 'postLicenseInferPermissions'])(
    'is refused by %s where it is blanks, though nothing at all is fine (A03)',
    async (operationId) => {
      const event = restEvent(operationId, { body: '   ' })
      expectBadRequest(stack, await invoke(operationId, event), ['$', 'INVALID_JSON'])
    },
  )
})

describe('a body that cannot be read', () => {
  it('is named together with the faulty fields outside it', async () => {
    const sent = await sendRaw(stack, {
      method: 'POST',
      path: '/api/v2/license/organization?page=1',
      headers: ['Content-Type', 'application/json'],
      body: '{"assignments":',
    })
    expectBadRequest(stack, sent, ['page', 'UNKNOWN_PARAMETER'], ['$', 'INVALID_JSON'])
  })
})

describe('a media type', () => {
  it.each([
    ['no Content-Type (A06)', []],
    ['text/plain; application/json (A07)', ['Content-Type', 'text/plain; application/json']],
    ['application/json; charset=utf-16 (A08)', ['Content-Type', 'application/json; charset=utf-16']],
    ['application/json; charset=latin1 (A08)', ['Content-Type', 'application/json; charset=latin1']],
    ['application/vnd.api+json, which is another format (A09)', ['Content-Type', 'application/vnd.api+json']],
    ['multipart/form-data (A11)', ['Content-Type', 'multipart/form-data; boundary=x']],
    ['an empty one (A06)', ['Content-Type', '']],
  ])('is refused: %s', async (_name, headers) => {
    const answer = await postOrganization(stack, body, headers)
    expectError(answer, {
      status: 415,
      code: 'unsupported.media.type',
      details: [['content-type', 'UNSUPPORTED_MEDIA_TYPE']],
    })
    expectUntouched(stack)
  })

  it.each(['gzip', 'br', 'identity, gzip'])(
    'with the content encoding %s is not inflated (A12)',
    async (coding) => {
      const headers = ['Content-Type', 'application/json', 'Content-Encoding', coding]
      const answer = await postOrganization(stack, body, headers)
      expectError(answer, {
        status: 415,
        code: 'unsupported.media.type',
        details: [['content-encoding', 'UNSUPPORTED_MEDIA_TYPE']],
      })
      expectUntouched(stack)
    },
  )

  it('is not asked for where there is no body (A06)', async () => {
    const path = '/api/v2/license/toggles/wallboards'
    expect((await sendRaw(stack, { method: 'POST', path, role: 'operator' })).status).toBe(200)
  })

  it.each([
    'application/json',
    'Application/JSON ; charset="UTF-8"',
    'application/json;charset=utf-8',
    'application/json;',
    'application/json; charset=utf-8 ; ',
    'application/json; charset=utf8',
    'application/json; charset="UTF8"',
  ])('is taken: %s (A08)', async (type) => {
    const answer = await postOrganization(stack, body, ['Content-Type', type])
    expect(answer.status).toBe(200)
    expectStandingHeaders(answer)
  })
})

describe('base64', () => {
  const encoded = (bytes: string | Buffer) => ({
    body: Buffer.from(bytes).toString('base64'),
    isBase64Encoded: true,
  })

  it('is decoded and served as the plain twin is (A13)', async () => {
    const plain = await invoke('postLicenseOrganization', restEvent('postLicenseOrganization', { body }))
    org.reset()
    const twin = await invoke('postLicenseOrganization', restEvent('postLicenseOrganization', encoded(body)))
    expect(plain.status).toBe(200)
    expect(twin.json).toEqual(plain.json)
  })

  it.each([`${body}`, 'e30', '{}==', 'e30=e30=', 'e3 0=', 'e30=\n'])(
    'that is none is refused, and no part of it used: %j (A14)',
    async (text) => {
      const event = restEvent('postLicenseOrganization', { body: text, isBase64Encoded: true })
      expectBadRequest(stack, await invoke('postLicenseOrganization', event), ['$', 'INVALID_BODY'])
    },
  )

  it.each([
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
    ['an overlong form', Buffer.from([0x22, 0xc0, 0xae, 0x22])],
  ])('of %s is refused (A14)', async (_name, bytes) => {
    const event = restEvent('postLicenseOrganization', encoded(bytes))
    expectBadRequest(stack, await invoke('postLicenseOrganization', event), ['$', 'INVALID_JSON'])
  })

  it('of a byte order mark and JSON is refused (A16)', async () => {
    const event = restEvent('postLicenseOrganization', encoded(`\uFEFF${body}`))
    expectBadRequest(stack, await invoke('postLicenseOrganization', event), ['$', 'INVALID_JSON'])
  })
})

it('a byte order mark before the JSON is refused (A16)', async () => {
  expectBadRequest(stack, await postOrganization(stack, `\uFEFF${body}`), ['$', 'INVALID_JSON'])
})
