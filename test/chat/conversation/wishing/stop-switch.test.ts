/** The stop switch in chat: for approvers, and told to them; what waits says so. */
import { expect, it } from 'vitest'
import { OFF } from '../../../support/changes/change-orders.ts'
import { allChanges } from '../../../support/changes/change-world.ts'
import { APPROVERS, chatWorld, textOf } from '../../chat-world.ts'

const MINUTE_MS = 60_000

it.each([
  ['a viewer', 'UVERA'],
  ['an operator', 'UOLGA'],
])('%s can look at it, and throw it neither way', async (_, who) => {
  const world = await chatWorld()
  for (const line of ['pause the move', 'resume'])
    expect(textOf(await world.type(who, line))).toMatch(/This is for approvers/)
  expect(textOf(await world.type(who, 'writes'))).toMatch(/Writes are running/)
  expect(await world.store.ledger.writeSwitch()).toBeUndefined()
})

it('an approver pauses and resumes writes, and approvers hear of both', async () => {
  const world = await chatWorld()
  const said = await world.type('UABEL', 'pause Genesys is being moved')
  expect(textOf(said)).toMatch(
    /Writes are paused[\s\S]*by[\s\S]*abel[\s\S]*Genesys is being moved[\s\S]*resume/,
  )
  expect(await world.records().writes()).toMatchObject({
    state: 'paused',
    by: { kind: 'slack', id: 'UABEL', person: 'abel' },
    reason: 'Genesys is being moved',
  })
  await world.tick()
  const told = await world.tell()
  expect(told.map(({ channelId, message }) => [channelId, textOf(message).split('\n')[0]])).toEqual([
    [APPROVERS, expect.stringContaining('Writes are paused')],
  ])
  await world.tick()
  expect(await world.tell()).toEqual([])
  expect(textOf(await world.type('UVERA', 'writes'))).toMatch(/Writes are paused/)
  expect(textOf(await world.type('UABEL', 'resume'))).toMatch(/Writes are running/)
})

it('of two turns within a minute approvers hear too, and that the first is over', async () => {
  const world = await chatWorld()
  await world.type('UABEL', 'pause Genesys is being moved')
  await world.type('UABEL', 'resume it was a mistake')
  await world.type('UABEL', 'pause once more')
  await world.tick()
  const told = (await world.tell()).map(({ message }) => textOf(message))
  expect(told.map((each) => each.match(/Writes (were|are) \w+/)?.[0])).toEqual([
    'Writes were paused',
    'Writes were resumed',
    'Writes are paused',
  ])
  expect(told[0]).toMatch(/by[\s\S]*abel[\s\S]*Genesys is being moved[\s\S]*Now writes are paused/)
  expect(told[1]).toMatch(/it was a mistake/)
})

it('what is wished for meanwhile is planned, says that it waits, and is carried out when they are resumed', async () => {
  const world = await chatWorld()
  await world.type('UABEL', 'pause Genesys is being moved')
  const plan = await world.type('UOLGA', `toggle ${OFF} on`)
  const waits = /abel has paused writes since .*: Genesys is being moved\. This waits until they are resumed/
  expect(textOf(plan)).toMatch(waits)
  expect(textOf(await world.press('UOLGA', plan, 'Confirm'))).toMatch(waits)
  expect(world.posts()).toBe(0)
  await world.type('UABEL', 'resume')
  world.clock.advance(5 * MINUTE_MS)
  await world.tick()
  expect((await allChanges(world)).map(({ state }) => state)).toEqual(['APPLIED'])
})
