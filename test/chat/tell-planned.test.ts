/** Lists that a turn plans: whoever asked was answered before, so what has become of them is told. */
import { expect, it } from 'vitest'
import type { PlanOrder } from '../../lib/changes/model/change-order.ts'
import { slackPlatform } from '../../lib/chat/slack/platform.ts'
import { teamsPlatform } from '../../lib/chat/teams/platform.ts'
import {
  assigning,
  assignment,
  hasWallboard,
  toldTypes,
  WALLBOARD,
} from '../support/changes/change-orders.ts'
import { headerOf } from '../support/changes/change-world.ts'
import { type ChatWorld, type ChatWorldOptions, chatWorld, textOf } from './chat-world.ts'
import { textsIn } from './replies.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const OLGA = { kind: 'slack', id: 'UOLGA' } as const
const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })

/** Takes the license from everybody but who is named, and so takes a fresh reading. */
const exactly = (...people: string[]): PlanOrder => ({
  kind: 'desired',
  licenses: { [WALLBOARD]: people },
  mode: 'exact',
})

/** The list once a turn has planned it, or could not; and what was told of it. */
async function planned(order: PlanOrder, options: ChatWorldOptions = {}) {
  const world = await chatWorld({ org: { users: 40 }, ...options })
  const { value } = await world.plans({ ...keyed('plan'), actor: OLGA }).plan(order)
  expect(value.state).toBe('PLANNING')
  await turnToPlan(world)
  return { world, id: value.id, told: await told(world) }
}

async function turnToPlan(world: ChatWorld): Promise<void> {
  world.clock.advance(MINUTE_MS)
  await world.tick()
  await world.read()
  world.clock.advance(5 * MINUTE_MS)
  await world.tick()
  await world.takeTurns()
}

const told = async (world: ChatWorld) =>
  (await world.tell()).map(({ channelId, message }) => `${channelId}: ${textOf(message)}`)

it('one that was planned is shown as any plan, and confirmed by whoever asked', async () => {
  const { world, id, told } = await planned(exactly())
  expect(told).toEqual([
    expect.stringMatching(
      /^C9: .*Take wallboardUser from 2 people\?[\s\S]*Nothing has happened yet[\s\S]*\[Confirm\]/,
    ),
  ])
  const message = world.posted.at(-1)?.message
  if (!message) throw new Error('nothing was told')
  expect(textOf(await world.press('UOMAR', message, 'Confirm'))).toMatch(/olga’s to confirm/)
  await world.press('UOLGA', message, 'Confirm')
  expect((await headerOf(world, id)).state).toBe('APPLIED')
})

it('one that was asked for in chat is told there', async () => {
  const asked = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'UOLGA' } as const
  const world = await chatWorld({ org: { users: 40 } })
  await world.plans({ ...keyed('plan'), actor: OLGA }).plan(exactly(), asked)
  await turnToPlan(world)
  expect(await told(world)).toEqual([expect.stringMatching(/^C1: .*Take wallboardUser from 2 people\?/)])
})

it('one that is being planned is called off by whoever asked, who alone has the button', async () => {
  const world = await chatWorld({ org: { users: 40 } })
  const { value } = await world.plans({ ...keyed('plan'), actor: OLGA }).plan(exactly())
  expect(textOf(await world.type('UOMAR', `change ${value.id}`))).not.toMatch(/\[Cancel\]/)
  const waitsNow = async () => (await world.records().change(value.id)).waits
  expect(await waitsNow()).toEqual({
    why: 'reading',
    says: expect.stringMatching(/ is asked for within a minute; until when is not known$/),
  })
  world.clock.advance(MINUTE_MS)
  await world.tick()
  expect((await waitsNow())?.says).toMatch(
    / was asked for at 2026-11-15T12:01.* and has not begun; until when/,
  )
  const card = await world.type('UOLGA', `change ${value.id}`)
  expect(textOf(card)).toMatch(/was asked for at .*12:01 UTC|was asked for at .*13:01/)
  await world.read()
  expect((await waitsNow())?.why).toBe('turn')
  expect(textOf(card)).toMatch(/is being planned\n[\s\S]*\[Cancel\]$/)
  expect(textOf(await world.press('UOMAR', card, 'Cancel'))).toMatch(/olga’s to confirm or call off/)
  expect(textOf(await world.press('UOLGA', card, 'Cancel'))).toMatch(/was called off/)
  expect((await headerOf(world, value.id)).state).toBe('CANCELLED')
})

it.each([
  ['Slack is a draft, of which approvers hear when it is confirmed', 'slack', ['*'], 'PLANNED'],
  ['Teams is a request, whatever the rules say', 'teams', [], 'AWAITING_APPROVAL'],
] as const)('one that was asked for in %s', async (_, platform, rules, state) => {
  const world = await chatWorld({
    org: { users: 40 },
    approvals: rules.map((each) => ({ licenses: [each] })),
  })
  const asked = { platform, teamId: 'T1', channelId: 'C1', userId: 'UOLGA' } as const
  const { value } = await world.plans({ ...keyed('plan'), actor: OLGA }).plan(exactly(), asked)
  await turnToPlan(world)
  expect((await headerOf(world, value.id)).state).toBe(state)
})

it('one that waits for approval is asked of approvers', async () => {
  const { told } = await planned(exactly(), { approvals: [{ licenses: ['*'] }] })
  expect(told.map((each) => each.split('\n')[0])).toEqual([
    expect.stringMatching(/^C9: .*olga asks: Take wallboardUser from 2 people/),
  ])
})

it('one with bad rows is told by how many they are and where they are listed, and names nobody', async () => {
  const { world, id, told } = await planned(
    exactly('nobody@example.com', 'Somebody Else', 'nobody2@example.com'),
  )
  expect(told).toEqual([
    expect.stringMatching(
      /^C9: .*cannot be planned: rows of it are bad[\s\S]*3 of 3 rows cannot be planned, so nothing is/,
    ),
  ])
  expect(told[0]).toContain(`The bad rows: /license results ${id}`)
  const listed = textOf(await world.type('UVERA', `results ${id}`))
  expect(listed).toMatch(
    /3 of 3 rows cannot be planned[\s\S]*Bad rows, 1 to 3:\n[\s\S]*“?nobody@example\.com/,
  )
  // It came as JSON: a bad row is told by its place in there, and not as something to give or take.
  expect(listed).toMatch(/in the body\W+licenses\.\w+\.0 is nobody's e-mail/)
  expect(listed).not.toMatch(/row \d|undefined|take /)
  expect(told[0]).not.toMatch(/nobody|Somebody/)
})

it('one that finds all as asked for says so', async () => {
  const world = await chatWorld({ org: { users: 40 } })
  const holders = world.org.people(40).flatMap(({ id }) => (hasWallboard(world, id) ? [id] : []))
  await world.plans({ ...keyed('plan'), actor: OLGA }).plan(exactly(...holders))
  await turnToPlan(world)
  expect(await told(world)).toEqual([expect.stringMatching(/^C9: .*everything was so already/)])
})

it('one for which no reading could be had is told as given up, and why', async () => {
  const world = await chatWorld({ org: { users: 40 } })
  await world.plans({ ...keyed('plan'), actor: OLGA }).plan(exactly())
  world.clock.advance(3 * HOUR_MS)
  await world.tick()
  expect(await told(world)).toEqual([
    expect.stringMatching(
      /^C9: .*came too late[\s\S]*Why: no reading that it could be planned from was had in time\./,
    ),
  ])
})

it('in Teams, where no message can be changed, the begin and the end of a list are posted and nothing in between', async () => {
  const cards: unknown[] = []
  const channelId = '19:a@thread.tacv2'
  const settings = {
    tenants: [],
    incoming: { [channelId]: 'https://flow.example.com/a' },
    notices: channelId,
  }
  const post = async (_url: string, card: unknown) => cards.push(card) > 0
  const slack = slackPlatform({
    api: { respond: no, post: no, update: no, emailOf: async () => undefined },
    secrets: { read: async () => [] },
    settings: undefined,
  })
  const teams = teamsPlatform({ api: { post }, keys: { read: async () => [] }, settings })
  const world = await chatWorld({ org: { users: 200 }, work: { platforms: { slack, teams } } })
  const ids = world.org.people(200).map(({ id }) => id)
  const licenses = [WALLBOARD, 'gcSTAupgrade', 'agentAssistLicense']
  const order = assigning({ assignments: licenses.map((license) => assignment(license, ids)) })
  const { value } = await world.plans(keyed('plan')).plan(order)
  await world.changes(keyed('apply')).apply(value.id, value.digest)
  await world.tell()
  await world.records(keyed('pause')).pause(value.id)
  await world.tick()
  await world.tell()
  await world.changes(keyed('resume')).resume(value.id)
  for (let part = 0; part < 7; part++) {
    world.clock.advance(12_000)
    await world.takeTurns(1)
    await world.tell()
  }
  expect(toldTypes(world)).toContain('License Change Progress')
  expect(cards.map((card) => textsIn(card).join('\n'))).toEqual([
    expect.stringMatching(/is under way, part by part[\s\S]*░{20} 0 %: 0 of 600/),
    expect.stringMatching(/done, and Genesys shows it[\s\S]*100 %: 600 of 600/),
  ])
})

const no = async () => false
