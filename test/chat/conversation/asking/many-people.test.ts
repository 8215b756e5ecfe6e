/** A change or a list of many people: counts and five names, so that who asked, why and what became of it are seen too. */
import { describe, expect, it } from 'vitest'
import { changeOf } from '../../../../lib/changes/answers/render-change.ts'
import { showRequest, showStanding } from '../../../../lib/chat/conversation/words/change-replies.ts'
import { teamsCardOf } from '../../../../lib/chat/teams/card.ts'
import {
  assigning,
  assignment,
  byHand,
  giving,
  licensesOf,
  userAt,
  WALLBOARD,
} from '../../../support/changes/change-orders.ts'
import { headerOf } from '../../../support/changes/change-world.ts'
import { APPROVERS, type ChatWorld, chatWorld, textOf } from '../../chat-world.ts'
import { textsIn } from '../../replies.ts'

const PEOPLE = 200
const OMAR = { kind: 'slack', id: 'UOMAR' } as const
const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1`, actor: OMAR })
const approvals = [{ licenses: ['*'] }]

/** Licenses of which some need another that half of the people do not hold. */
const LICENSES = ['cxCloudSF', 'gcSTAupgrade', WALLBOARD]

const USER_ID = /[0-9a-f]{8}-[0-9a-f]{4}-/

function listOf(world: ChatWorld) {
  const ids = world.org.people(PEOPLE).map(({ id }) => id)
  return assigning({ assignments: LICENSES.map((license) => assignment(license, ids)) })
}

async function askedForList() {
  const world = await chatWorld({ org: { users: PEOPLE }, approvals })
  await world.read()
  const lacking = world.org.people(PEOPLE).filter(({ id }) => !licensesOf(world, id).includes('collaborate'))
  await byHand(world).assign(
    giving(
      lacking.slice(0, 7).map(({ id }) => id),
      'collaborate',
    ),
  )
  const { value } = await world.plans(keyed('plan')).plan({ ...listOf(world), reason: 'the spring wave' })
  await world.tick()
  const [asked] = await world.tell()
  if (!asked) throw new Error('no approver was asked')
  return { world, id: value.id, asked }
}

/** What a card of Teams says of the change as it stands. */
async function teamsTextOf(world: ChatWorld, id: string): Promise<string> {
  const header = await headerOf(world, id)
  const change = changeOf(header, await world.store.ledger.plan(header), undefined)
  const shown = { change, users: [], timeZone: 'UTC' }
  const say = header.state === 'AWAITING_APPROVAL' ? showRequest(shown, false) : showStanding(shown)
  return textsIn(teamsCardOf(say)).join('\n')
}

describe('a list with findings', () => {
  it('asks approvers with counts, five names, who asked, why, until when and its id', async () => {
    const { world, id, asked } = await askedForList()
    const card = textOf(asked.message)
    expect(asked.channelId).toBe(APPROVERS)
    // Whom their name does not tell from a namesake their id does.
    expect(card.replace(/ \([0-9a-f-]{36}, deleted\)/g, '')).not.toMatch(USER_ID)
    expect(card.split('\n').length).toBeLessThan(40)
    expect(card).toMatch(/omar asks: Give [^\n]*cxCloudSF/)
    expect(card).toMatch(/\*people\*\n200/)
    expect(card).toMatch(
      /^(?:[^,\n]+, ){4}[^,\n]+ and \d+ more would lack cloudCX\d, which cxCloudSF needs\.$/m,
    )
    expect(card).toMatch(
      /^7 of its people were changed outside the gateway between [^\n]*: (?:[^,\n]+, ){4}[^,\n]+ and 2 more\.$/m,
    )
    expect(card).toContain(`To see them all: /license change ${id} people`)
    expect(card).toMatch(/The request lapses/)
    const teams = await teamsTextOf(world, id)
    expect(teams).toMatch(/would lack[\s\S]*The request lapses/)
    expect(teams).not.toMatch(/more parts|cut here/)
  })

  it('says who asked, why an approver was, its id and what became of it when it has ended', async () => {
    const { world, id, asked } = await askedForList()
    const rejected = textOf(await world.press('UABEL', asked.message, 'Reject'))
    for (const shown of [rejected, textOf(await world.type('UVERA', `change ${id}`))]) {
      expect(shown).toMatch(/was rejected/)
      expect(shown).toMatch(/Asked for by omar\./)
      expect(shown).toMatch(/A second person must approve .+\. Rejected by abel\./)
      expect(shown).toContain(`Change ${id}`)
    }
    expect(await teamsTextOf(world, id)).toMatch(/Asked for by omar\./)
  })

  it('shows its people page by page, each with what is given and what has become of it', async () => {
    const { world, id, asked } = await askedForList()
    const first = textOf(await world.type('UVERA', `change ${id} people`))
    expect(first).toMatch(/people 1 to 15 of 200/)
    expect(first).not.toMatch(USER_ID)
    expect(first).toMatch(/to come: give [^\n]*wallboardUser/)
    const last = textOf(await world.type('UVERA', `change ${id} people 14`))
    expect(last).toMatch(/people 196 to 200 of 200/)
    expect(textOf(await world.type('UVERA', `change ${id} people 15`))).toMatch(/200 people: none on page 15/)
    await world.press('UABEL', asked.message, 'Approve')
    await world.takeTurns(1)
    expect(textOf(await world.type('UVERA', `change ${id} people`))).toMatch(/done: give [^\n]*wallboardUser/)
  })
})

it('a change of 60 people says how many, names five, and what became of how many when it has ended', async () => {
  const world = await chatWorld({ org: { users: PEOPLE }, approvals })
  const users = Array.from({ length: 60 }, (_, index) => userAt(world, index))
  const { value } = await world.changes(keyed('request')).request(assigning(giving(users, 'cxCloudSF')))
  await world.tick()
  const [asked] = await world.tell()
  if (!asked) throw new Error('no approver was asked')
  const card = textOf(asked.message)
  expect(card).toContain(`And 55 more people: /license change ${value.id} people`)
  expect(card.match(/ → after /g)?.length).toBeLessThanOrEqual(5)
  const done = textOf(await world.press('UABEL', asked.message, 'Approve'))
  expect(done).toMatch(/\*done\*\n\d+/)
  expect(done).toMatch(/Asked for by omar\./)
  expect(done).toMatch(/A second person must approve .+\. Approved by abel\./)
})
