/** What was given for a time, in chat: extended and ended by a line, and the reminder before it is taken back. */
import { describe, expect, it } from 'vitest'
import { giving, hasWallboard, OFF, toldTypes, userAt } from '../../../support/changes/change-orders.ts'
import { headerOf } from '../../../support/changes/change-world.ts'
import {
  APPROVERS,
  actionOf,
  type ChatWorld,
  type ChatWorldOptions,
  chatWorld,
  textOf,
} from '../../chat-world.ts'

const HOUR_MS = 3_600_000
const BO = { kind: 'jwt', id: 'bo' } as const
const until = (world: ChatWorld, iso: string) => world.clock.advance(Date.parse(iso) - world.clock.nowMs())
const isOn = (world: ChatWorld) => world.org.truth().toggles[OFF]

/** Switched on by olga in chat at 12:00 UTC, which is 13:00 where she is. */
async function granted(duration: string, options: ChatWorldOptions = {}) {
  const world = await chatWorld(options)
  const plan = await world.type('UOLGA', `toggle ${OFF} on for ${duration}`)
  const { changeId: id } = actionOf(plan, 'Confirm')
  const card = await world.press('UOLGA', plan, 'Confirm')
  await world.tell()
  return { world, id, card }
}

describe('extend <id> and end <id>', () => {
  it('move what is taken back, and take it back, for whoever operates', async () => {
    const { world, id } = await granted('2h')
    expect(textOf(await world.type('UVERA', `extend ${id} for 5h`))).toMatch(/This is for operators/)
    expect(textOf(await world.type('UVERA', `end ${id}`))).toMatch(/This is for operators/)
    expect(textOf(await world.type('UOMAR', `extend ${id} for 5h`))).toMatch(/taken back[\s\S]*17:00 UTC/)
    expect(textOf(await world.type('UOLGA', `extend ${id} until 18:30`))).toMatch(
      /taken back[\s\S]*18:30 CET/,
    )
    expect((await headerOf(world, id)).revert?.atMs).toBe(Date.parse('2026-11-15T17:30:00Z'))
    expect(textOf(await world.type('UOLGA', `extend ${id} until 2026-11-14`))).toMatch(/is past/)
    world.clock.advance(60_000)
    expect(textOf(await world.type('UOMAR', `end ${id}`))).toMatch(/Switch concurrentLicensing off.*: done/)
    expect(isOn(world)).toBe(false)
    // That it was taken back stands where it was asked for: in the answer.
    expect(await world.tell()).toEqual([])
    expect(textOf(await world.type('UOMAR', `extend ${id} for 5h`))).toMatch(/has come/)
  })

  it('extended to later than approved is a request, of which approvers are told when it would end', async () => {
    const world = await chatWorld({ approvals: [{ licenses: ['*'] }] })
    const ana = userAt(world, 0)
    const { value: plan } = await world
      .changes({ actor: { kind: 'slack', id: 'UOLGA' }, idempotencyKey: 'k1' })
      .request({ kind: 'assignments', ...giving([ana]), revertAfter: 'PT1H' })
    await world
      .changes({ actor: BO, operation: 'approve', idempotencyKey: 'd1' })
      .approve(plan.id, plan.digest)
    await world.tell()
    expect(textOf(await world.type('UOMAR', `extend ${plan.id} for 3h`))).toMatch(
      /Keep wallboardUser with Ana Abebe until 2026-11-15 15:00 UTC: waits for an approver/,
    )
    const request = (await world.tell()).at(-1)
    if (!request) throw new Error('nobody was asked')
    expect(textOf(request.message)).toMatch(/omar asks: Keep[\s\S]*taken back[\s\S]*15:00 UTC/)
    await world.press('UABEL', request.message, 'Approve')
    until(world, '2026-11-15T14:59:00Z')
    await world.tick()
    expect(hasWallboard(world, ana)).toBe(true)
    await world.rest()
    expect(hasWallboard(world, ana)).toBe(false)
  })

  it('are listed with when they are taken back', async () => {
    const { world, id } = await granted('2h')
    expect(textOf(await world.type('UVERA', 'changes due'))).toMatch(new RegExp(`${id}[\\s\\S]*14:00 UTC`))
    await world.rest()
    expect(textOf(await world.type('UVERA', 'changes due'))).toMatch(/Taken back within a week: none/)
  })
})

describe('the card of what was given for a time', () => {
  it('extends it by a day at each press, and ends it, for whoever operates', async () => {
    const { world, id, card } = await granted('8h')
    expect(textOf(card)).toMatch(/: done, [\s\S]*\[Extend by a day\]\n\[End now\]\n\[Undo\]$/)
    expect(textOf(await world.press('UVERA', card, 'End now'))).toMatch(/This is for operators/)
    const extended = await world.press('UOMAR', card, 'Extend by a day')
    expect(textOf(extended)).toMatch(/Mon 16 Nov 2026, 20:00[\s\S]*\[Extend by a day\]/)
    await world.press('UOMAR', card, 'Extend by a day')
    await world.press('UOLGA', extended, 'Extend by a day')
    expect((await headerOf(world, id)).revert?.atMs).toBe(Date.parse('2026-11-17T20:00:00Z'))
    expect(textOf(await world.press('UOMAR', extended, 'End now'))).toMatch(/off.*: done/)
    expect(isOn(world)).toBe(false)
    const ended = textOf(await world.type('UOLGA', `change ${id}`))
    expect(ended).not.toMatch(/\[(?:Extend|End)/)
  })

  it('that an approver released has them too, where it was asked for', async () => {
    const world = await chatWorld({ approvals: [{ licenses: ['*'] }] })
    const asked = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'UOLGA' } as const
    const caller = { actor: { kind: 'slack', id: 'UOLGA' }, idempotencyKey: 'k1' } as const
    const order = { kind: 'assignments', ...giving([userAt(world, 0)]), revertAfter: 'PT8H' } as const
    const { value: plan } = await world.plans(caller).plan(order, asked)
    await world.changes({ ...caller, operation: 'apply' }).apply(plan.id, plan.digest)
    await world
      .changes({ actor: BO, operation: 'approve', idempotencyKey: 'd1' })
      .approve(plan.id, plan.digest)
    const end = (await world.tell()).find(({ channelId }) => channelId === 'C1')
    expect(end && textOf(end.message)).toMatch(/: done, [\s\S]*\[Extend by a day\]\n\[End now\]$/)
  })
})

describe('before it is taken back', () => {
  it('whoever asked is reminded a day and an hour before, once each, where they asked', async () => {
    const { world, id } = await granted('2d')
    const reminders: string[] = []
    for (let hours = 0; hours < 47; hours += 0.5) {
      world.clock.advance(HOUR_MS / 2)
      await world.tick()
      for (const { channelId, message } of await world.tell())
        reminders.push(`${channelId} ${textOf(message)}`)
    }
    expect(reminders).toEqual([
      expect.stringMatching(/^C1 [\s\S]*Switch concurrentLicensing on: taken back in 1 day/),
      expect.stringMatching(/^C1 [\s\S]*Switch concurrentLicensing on: taken back in 1 hour/),
    ])
    expect(reminders[0]).toMatch(
      new RegExp(`extend ${id} for 8h[\\s\\S]*\\[Extend by a day\\]\n\\[End now\\]`),
    )
    expect(toldTypes(world).filter((each) => each === 'License Change Ending')).toHaveLength(2)
    expect(isOn(world)).toBe(true)
  })

  it.each([
    ['not where that lies before it was given', '1h', {}, 0],
    ['only for those times that lie after it', '3h', {}, 1],
    ['as the org file says', '3h', { reminders: [2, 1] }, 2],
    ['never, where the org file says so', '23h', { reminders: [] }, 0],
  ])('%s', async (_, duration, policy, times) => {
    const { world } = await granted(duration, { policy })
    await world.rest()
    expect(toldTypes(world).filter((each) => each === 'License Change Ending')).toHaveLength(times)
    expect(isOn(world)).toBe(false)
  })

  it('what was asked for elsewhere is told in the channel for notices, and what was called off meanwhile nowhere', async () => {
    const world = await chatWorld()
    const { value } = await world
      .changes({ actor: BO, idempotencyKey: 'k1' })
      .request({ kind: 'toggle', featureName: OFF, enabled: true, revertAfter: 'PT3H' })
    until(world, '2026-11-15T14:00:00Z')
    await world.tick()
    expect((await world.tell()).map(({ channelId }) => channelId)).toEqual([APPROVERS])
    await world.records({ actor: BO, operation: 'extendChange', idempotencyKey: 'e1' }).extend(value.id, {
      revertAfter: 'PT3H',
    })
    until(world, '2026-11-15T16:00:00Z')
    await world.tick()
    await world.records({ actor: BO, operation: 'cancelChange', idempotencyKey: 'c1' }).cancel(value.id)
    expect(await world.tell()).toEqual([])
  })

  it('nobody is reminded of what was undone, before or while the reminder is on its way', async () => {
    const { world, id } = await granted('3h', { policy: { reminders: [2, 1] } })
    until(world, '2026-11-15T13:00:00Z')
    await world.tick()
    expect(toldTypes(world).at(-1)).toBe('License Change Ending')
    await world.changes({ actor: BO, operation: 'undoChange', idempotencyKey: 'u1' }).undo(id)
    expect((await world.tell()).map(({ message }) => textOf(message)).join()).not.toMatch(/taken back in/)
    const told = toldTypes(world).length
    await world.rest()
    expect(toldTypes(world).slice(told)).toEqual([])
  })

  it('of an end that was moved they are reminded anew, and of the old one no more', async () => {
    const { world, id } = await granted('3h')
    await world.type('UOLGA', `extend ${id} for 6h`)
    until(world, '2026-11-15T16:59:00Z')
    await world.tick()
    expect(await world.tell()).toEqual([])
    until(world, '2026-11-15T17:00:00Z')
    await world.tick()
    expect(await world.tell()).toHaveLength(1)
  })
})

describe('the reminder’s buttons', () => {
  async function reminded(options: ChatWorldOptions = {}) {
    const { world, id } = await granted('3h', options)
    until(world, '2026-11-15T14:00:00Z')
    await world.tick()
    const [reminder] = await world.tell()
    if (!reminder) throw new Error('nobody was reminded')
    return { world, id, message: reminder.message }
  }

  it('Extend adds one day to the end that was shown, however many press it', async () => {
    const { world, id, message } = await reminded()
    expect(textOf(await world.press('UVERA', message, 'Extend by a day'))).toMatch(/This is for operators/)
    const [first, second] = await Promise.all([
      world.pressAll('UOMAR', message, 'Extend by a day'),
      world.pressAll('UOLGA', message, 'Extend by a day'),
    ])
    expect([...first, ...second].map(textOf).join('\n')).toMatch(/taken back[\s\S]*Mon 16 Nov 2026, 1[56]:00/)
    const late = await world.pressAll('UABEL', message, 'Extend by a day')
    expect(late.map(textOf).join('\n')).toMatch(/was moved, or has come/)
    expect((await headerOf(world, id)).revert?.atMs).toBe(Date.parse('2026-11-16T15:00:00Z'))
  })

  it('of a list do as of any change, and say how many people it is about', async () => {
    const world = await chatWorld({ org: { users: 560 } })
    const people = world.org.people(560).map(({ id }) => id)
    const lacking = people.filter((id) => !hasWallboard(world, id))
    // What holds already is no part's work: one part is enough.
    const assignments = [
      { licenseId: 'wallboardUser', userIdsAdd: lacking.slice(0, 40), userIdsRemove: lacking.slice(40) },
    ]
    const { value: plan } = await world
      .plans({ actor: BO })
      .plan({ kind: 'assignments', assignments, revertAfter: 'PT3H' })
    await world.changes({ actor: BO, operation: 'apply', idempotencyKey: 'a' }).apply(plan.id, plan.digest)
    await world.takeTurns()
    until(world, '2026-11-15T14:00:30Z')
    await world.tick()
    const reminder = (await world.tell()).find(({ message }) => textOf(message).includes('taken back in'))
    if (!reminder) throw new Error('nobody was reminded')
    expect(textOf(reminder.message)).toContain('wallboardUser to 40 people')
    const [extended] = await world.pressAll('UOMAR', reminder.message, 'Extend by a day')
    if (!extended) throw new Error('nothing came of it')
    expect(textOf(extended)).toMatch(/Mon 16 Nov 2026/)
    world.clock.advance(60_000)
    await world.type('UOLGA', `end ${plan.id}`)
    await world.takeTurns()
    expect(lacking.filter((id) => hasWallboard(world, id))).toEqual([])
  })

  it('End now takes it back, once', async () => {
    const { world, message } = await reminded()
    expect(textOf(await world.press('UOMAR', message, 'End now'))).toMatch(
      /Switch concurrentLicensing off.*: done/,
    )
    await world.press('UOLGA', message, 'End now')
    expect([isOn(world), world.posts()]).toEqual([false, 2])
  })
})
