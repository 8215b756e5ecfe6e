/** What answers carry and what the document says that they carry, for the answers of its examples and for refusals. */
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { securityHeaders } from '../../lib/http/security-headers.ts'
import { operations } from '../../lib/operations/index.ts'
import { giving, ORGANIZATION, postOrganization, userAt } from '../support/changes/license-requests.ts'
import { gatewayForTests, type RawAnswer, sendRaw } from '../support/gateway.ts'
import { takeReadingOfStack } from '../support/seats/readings.ts'
import { sendExample } from './sent-examples.ts'

const stack = await gatewayForTests()

/** Of HTTP itself, and what is meant for browsers: nothing that a caller of the API reads. */
const apart = [
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
  ...Object.keys(securityHeaders),
]

const Reference = z.object({ $ref: z.string() })
const Headers = z._default(z.record(z.string(), z.unknown()), {})
const Answers = z.object({ responses: z.record(z.string(), z.unknown()) })
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Answers)),
  components: z.unknown(),
})

function resolved(document: unknown, value: unknown): unknown {
  const { success, data } = Reference.safeParse(value)
  if (!success) return value
  const way = data.$ref.split('/').slice(1)
  return way.reduce<unknown>((at, key) => (at instanceof Object ? Reflect.get(at, key) : undefined), document)
}

/** @returns names in small letters, in order. */
async function declaredFor(id: string, status: number): Promise<string[]> {
  const document = Document.parse((await sendRaw(stack, { path: '/v1/openapi.json' })).json)
  const { path = '', method = '' } = operations.find((each) => each.id === id) ?? {}
  const answer = resolved(document, document.paths[path]?.[method.toLowerCase()]?.responses[status])
  const { headers } = z.object({ headers: Headers }).parse(answer)
  for (const [name, header] of Object.entries(headers)) {
    expect([name, resolved(document, header)]).toEqual([
      name,
      expect.objectContaining({ schema: expect.anything() }),
    ])
  }
  return Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort()
}

const sentWith = ({ headers }: RawAnswer) =>
  Object.keys(headers)
    .filter((name) => !apart.includes(name))
    .sort()

const give = (user: string, license?: string) =>
  postOrganization(stack, JSON.stringify(giving(user, license)))

/** Each operation's example, and again, in an order in which all of them are taken. */
const TWICE = [
  ...operations
    .map(({ id }) => id)
    .filter((id) => /^(get|list)License|^listUsers|^postLicense|^putToggle/.test(id)),
  ...[
    'getCapabilities',
    'getOpenApi',
    'createChange',
    'listChanges',
    'getChange',
    'applyChange',
    'getChangeResults',
  ],
  ...['getUserHistory', 'getLicenseHistory', 'createReading', 'getReading'],
  ...['undoChange', 'createSchedule', 'listSchedules', 'getSchedule', 'approveSchedule', 'deleteSchedule'],
]

describe('the headers of an answer', () => {
  it('are declared, and those that are declared are sent', async () => {
    await takeReadingOfStack()
    const seen = new Map<string, Set<string>>()
    for (const id of TWICE) {
      // A repeat is answered as one; the toggle's other answer is that there is nothing to do.
      for (const answer of [await sendExample(stack, id), await sendExample(stack, id)]) {
        const key = `${id} ${answer.status}`
        seen.set(key, new Set([...(seen.get(key) ?? []), ...sentWith(answer)]))
      }
    }
    expect(seen.size).toBeGreaterThan(TWICE.length)
    for (const [key, sent] of seen) {
      const [id = '', status] = key.split(' ')
      expect([key, [...sent].sort()]).toEqual([key, await declaredFor(id, Number(status))])
    }
  })

  it('are declared where it is a refusal', async () => {
    const waiting = await give(userAt(stack, 0), 'cxCloudSN')
    expect(waiting).toMatchObject({
      status: 409,
      json: { code: 'change.approval.required' },
      headers: { 'x-change-id': expect.any(String), 'inin-correlation-id': expect.any(String) },
    })
    const refusals: [id: string, answer: RawAnswer][] = [
      ['postLicenseOrganization', waiting],
      ['postLicenseOrganization', await postOrganization(stack, '{}', undefined, 'viewer')],
      ['postLicenseOrganization', await postOrganization(stack, '{')],
      ['getLicenseUser', await sendRaw(stack, { path: '/api/v2/license/users/nobody' })],
      ['getLicenseDefinition', await sendRaw(stack, { path: '/api/v2/license/definitions/none' })],
      ['getLicenseToggle', await sendRaw(stack, { path: '/api/v2/license/toggles/x?y=z' })],
      ['getLicenseUsers', await sendRaw(stack, { path: '/api/v2/license/users', authorization: null })],
      ['getChange', await sendRaw(stack, { path: '/v1/changes/00000000000000000000' })],
    ]
    expect(new Set(refusals.map(([, { status }]) => status)).size).toBeGreaterThan(4)
    for (const [id, answer] of refusals) {
      const declared = await declaredFor(id, answer.status)
      const undeclared = sentWith(answer).filter((name) => !declared.includes(name))
      expect([id, answer.status, undeclared]).toEqual([id, answer.status, []])
    }
  })

  it('say when to come back where another change holds the same thing', async () => {
    const faults = [{ match: { method: 'POST', path: ORGANIZATION }, do: { reset: true } }]
    await fetch(`${stack.orgUrl}/__org/faults`, { method: 'POST', body: JSON.stringify(faults) })
    const user = userAt(stack, 0)
    expect(await give(user)).toMatchObject({ status: 409, json: { code: 'outcome.unknown' } })
    const conflict = await give(user)
    expect(conflict).toMatchObject({
      status: 409,
      json: { code: 'change.conflict' },
      headers: { 'retry-after': expect.stringMatching(/^\d+$/), 'x-change-id': expect.any(String) },
    })
    const declared = await declaredFor('postLicenseOrganization', 409)
    expect(sentWith(conflict).filter((name) => !declared.includes(name))).toEqual([])
  })
})
