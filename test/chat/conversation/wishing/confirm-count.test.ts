/** A plan that takes a license from many, in chat: it says so first, no button passes, and the count is typed back. */
import { describe, expect, it } from 'vitest'
import type { SlackMessage } from '../../../../lib/chat/slack/message.ts'
import { giving, taking } from '../../../support/changes/change-orders.ts'
import { actionOf, type ChatWorld, chatWorld, textOf } from '../../chat-world.ts'

const LICENSE = 'cloudCX1'
const OLGA = { kind: 'slack', id: 'UOLGA' } as const

const holders = ({ org }: ChatWorld) => {
  const { users } = org.truth()
  return Object.keys(users).filter((id) => users[id]?.includes(LICENSE))
}

const buttonsOf = ({ blocks }: SlackMessage) =>
  blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.map((each) => ('text' in each ? each.text.text : '')) : [],
  )

/** A plan that somebody types, of so many people. */
async function typedPlan(people: number, options: Parameters<typeof chatWorld>[0] = {}) {
  const world = await chatWorld({ org: { users: 120 }, ...options })
  await world.read()
  const all = holders(world)
  const some = all.slice(0, people)
  const plan = await world.type('UOLGA', `revoke ${LICENSE} from ${some.join(', ')}`)
  const changeId = /Change ([0-9a-z]{20})/.exec(textOf(plan))?.[1] ?? ''
  return { world, plan, changeId, all, left: all.slice(people) }
}

describe('a plan that takes a license from many', () => {
  it('says so before all else, has no button to confirm, and is carried out once the count is typed', async () => {
    const { world, plan, changeId, all, left } = await typedPlan(22)
    expect(textOf(plan)).toMatch(
      new RegExp(
        `^.*\\?[\\s*]*\\nThis takes ${LICENSE} from 22 of the ${all.length} people who hold it\\.[\\s\\S]*In all it changes 22 people`,
      ),
    )
    expect(textOf(plan)).toMatch(new RegExp(`confirm ${changeId}`))
    expect(buttonsOf(plan)).toEqual(['Cancel'])

    expect(textOf(await world.type('UOLGA', `confirm ${changeId} 21`))).toMatch(
      /changes 22 people and not 21/,
    )
    expect(textOf(await world.type('UOMAR', `confirm ${changeId} 22`))).toMatch(/olga’s to confirm/)
    expect(textOf(await world.type('UVERA', `confirm ${changeId} 22`))).toMatch(/This is for operators/)
    expect(world.posts()).toBe(0)
    expect(textOf(await world.type('UOLGA', `confirm ${changeId} 22`))).toMatch(/done, and Genesys shows it/)
    expect(holders(world)).toEqual(left)
  })

  it('is not confirmed by a button that somebody presses all the same, and they are told what to type', async () => {
    const { world, plan } = await typedPlan(22)
    const { changeId, digest } = actionOf(plan, 'Cancel')
    const forged = structuredClone(plan)
    for (const block of forged.blocks) {
      if (block.type !== 'actions') continue
      for (const each of block.elements) {
        if ('value' in each) Object.assign(each, { value: JSON.stringify({ do: 'apply', changeId, digest }) })
      }
    }
    const said = textOf(await world.press('UOLGA', forged, 'Cancel'))
    expect(said).toMatch(/changes 22 people[\s\S]*Look at it, and type that number back, behind “confirm”/)
    expect(world.posts()).toBe(0)
  })

  it('is approved by an approver who types the count, and asks whoever wished for it first', async () => {
    const { world, changeId, left } = await typedPlan(22, { approvals: [{ licenses: [LICENSE] }] })
    expect(textOf(await world.type('UOLGA', `confirm ${changeId} 22`))).toMatch(/waits for an approver/)
    const [asked] = await world.tell()
    if (!asked) throw new Error('no approver was asked')
    expect(textOf(asked.message)).toMatch(/This takes cloudCX1 from 22 of/)
    expect(buttonsOf(asked.message)).toEqual(['Reject'])
    expect(textOf(await world.type('UOLGA', `confirm ${changeId} 22`))).toMatch(/This is for approvers/)
    expect(textOf(await world.type('UABEL', `confirm ${changeId} 23`))).toMatch(/and not 23/)
    expect(world.posts()).toBe(0)
    expect(textOf(await world.type('UABEL', `confirm ${changeId} 22`))).toMatch(/done, and Genesys shows it/)
    expect(holders(world)).toEqual(left)
  })

  it('is one where an undo takes back what was given to many', async () => {
    const world = await chatWorld({ org: { users: 120 } })
    const before = holders(world)
    const others = Object.keys(world.org.truth().users).filter((id) => !before.includes(id))
    const given = await world
      .changes({ actor: OLGA, idempotencyKey: 'g1' })
      .assign(giving(others.slice(0, 25), LICENSE))
    const undo = await world.type('UOLGA', `undo ${given.changeId}`)
    expect(textOf(undo)).toMatch(/from 25 people; how many hold it nobody has read lately/)
    const { changeId } = actionOf(undo, 'Cancel')
    await world.type('UOLGA', `confirm ${changeId} 25`)
    expect(holders(world)).toEqual(before)
  })
})

describe('any other plan', () => {
  it('has its button as ever, and may be confirmed by its count too', async () => {
    const { world, plan, changeId, left } = await typedPlan(20)
    expect(buttonsOf(plan)).toEqual(['Confirm', 'Cancel'])
    expect(textOf(await world.type('UOLGA', `confirm ${changeId} 20`))).toMatch(/done/)
    expect(holders(world)).toEqual(left)
  })

  it('may be made over HTTP by the same person, and confirmed in chat', async () => {
    const world = await chatWorld({ org: { users: 120 } })
    const [one = ''] = holders(world)
    const { value } = await world
      .plans({ actor: OLGA, idempotencyKey: 'p1' })
      .plan({ kind: 'assignments', ...taking([one], LICENSE) })
    expect(textOf(await world.type('UOLGA', `confirm ${value.id} 1`))).toMatch(/done/)
  })
})
