/** A list over HTTP, by the functions as they deploy: its results as pages and files, and what was given for a time. */
import Papa from 'papaparse'
import { expect, it } from 'vitest'
import type { Change, ChangeListing, ChangeResultListing } from '../../lib/changes/answers/change-schemas.ts'
import { gatewayForTests, sendRaw } from '../support/gateway.ts'

const GIVEN = 'gc1WEMupgrade'
const HELD_BY_FEW = 'wallboardUser'
/** Two parts change something. */
const TO_DO = 110
const A_PART = 95

const stack = await gatewayForTests({ org: { users: 600, toggles: 'legacy' } })

const heldIn = () =>
  Object.entries(stack.org.truth().users)
    .flatMap(([id, held]) => (held.includes(GIVEN) ? [id] : []))
    .sort()

/** Some are to be given a license, and of many others it holds already that they lack one. */
function rows(): string[] {
  const people = Object.entries(stack.org.truth().users)
  const toDo = people.filter(([, held]) => !held.includes(GIVEN)).slice(0, TO_DO)
  const idle = people.slice(TO_DO + 20).filter(([, held]) => !held.includes(HELD_BY_FEW))
  return [...toDo.map(([id]) => `${id},${GIVEN},add`), ...idle.map(([id]) => `${id},${HELD_BY_FEW},remove`)]
}

async function post(path: string, body?: object | Buffer) {
  const isFile = Buffer.isBuffer(body)
  const { status, json } = await sendRaw(stack, {
    method: 'POST',
    path,
    role: 'operator',
    headers: [
      'Idempotency-Key',
      crypto.randomUUID(),
      'Content-Type',
      isFile ? 'text/csv' : 'application/json',
    ],
    body: isFile ? body : JSON.stringify(body),
  })
  return { status, change: json as Change }
}

async function get<T>(path: string): Promise<T> {
  const { status, json } = await sendRaw(stack, { path, role: 'viewer' })
  expect(status).toBe(200)
  return json as T
}

it('is told pair by pair while it runs and afterwards, extended, found by when it ends, and ended', async () => {
  const before = heldIn()
  const wished = rows()
  const idle = wished.length - TO_DO
  const file = Buffer.from(['user,license,action', ...wished].join('\r\n'))
  const planned = await post(
    '/v1/changes?reason=A%20wave&revertAfter=PT8H&onConflict=abort&isDraft=true',
    file,
  )
  expect(planned).toMatchObject({
    status: 201,
    change: {
      list: { onConflict: 'abort', parts: 2 + Math.ceil(idle / A_PART) },
      reason: 'A wave',
      revert: { after: 'PT8H' },
    },
  })
  const { id, digest } = planned.change
  const path = `/v1/changes/${id}`
  expect((await post(`${path}/retry`)).status).toBe(409)
  expect(await post(`${path}/apply`, { digest })).toMatchObject({ status: 202, change: { state: 'RUNNING' } })

  const pairs: string[] = []
  let next: string | undefined
  do {
    const cursor: string = next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`
    const page = await get<ChangeResultListing>(`${path}/results?limit=100${cursor}`)
    pairs.push(...page.entities.map(({ licenseId, userId }) => `${userId},${licenseId}`))
    next = page.next
    await stack.aws.idle()
  } while (next !== undefined)
  expect(pairs.toSorted()).toEqual(wished.map((row) => row.replace(/,[a-z]+$/, '')).toSorted())

  expect(await get<Change>(path)).toMatchObject({
    state: 'APPLIED',
    list: { outcomes: { applied: TO_DO, unchanged: idle } },
  })
  const fileOf = (query: string, accept: string) =>
    sendRaw(stack, { path: `${path}/results${query}`, role: 'viewer', headers: ['Accept', accept] })
  const { text } = await fileOf('', 'application/x-ndjson')
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).outcome),
  ).toHaveLength(wished.length)
  const { text: csv } = await fileOf('?outcome=applied', 'text/csv')
  const { data } = Papa.parse<Record<string, string>>(csv.trimEnd(), { header: true })
  expect([data.length, data.every(({ action, before: was }) => action === 'add' && was === 'false')]).toEqual(
    [TO_DO, true],
  )

  const extended = await post(`${path}/extend`, { revertAfter: 'PT20H' })
  expect(extended).toMatchObject({ status: 200, change: { id, state: 'APPLIED' } })
  const due = await get<ChangeListing>('/v1/changes?due=7d')
  expect(due.entities).toMatchObject([{ id, revert: { dueAt: extended.change.revert?.dueAt } }])
  expect((await get<ChangeListing>('/v1/changes?due=9h')).entities).toEqual([])
  const dueFile = await sendRaw(stack, {
    path: '/v1/changes?due=7d&bom=true',
    role: 'viewer',
    headers: ['Accept', 'text/csv'],
  })
  expect(dueFile.status, dueFile.text).toBe(200)
  const dueRows = Papa.parse<Record<string, string>>(dueFile.text.trimEnd(), { header: true }).data
  expect(dueRows).toHaveLength(wished.length)
  expect(new Set(dueRows.map(({ dueAt }) => dueAt))).toEqual(new Set([extended.change.revert?.dueAt]))

  const ended = await post(`${path}/end`)
  expect(ended).toMatchObject({ status: 202, change: { id, state: 'APPLIED' } })
  await stack.aws.idle()
  expect(heldIn()).toEqual(before)
  const { revert } = await get<Change>(path)
  // What it did is little enough for one write.
  expect(await get<Change>(`/v1/changes/${revert?.changeId}`)).toMatchObject({
    undoes: id,
    state: 'APPLIED',
    outcomes: { applied: TO_DO },
  })
  expect((await get<ChangeListing>('/v1/changes?due=7d')).entities).toEqual([])
})
