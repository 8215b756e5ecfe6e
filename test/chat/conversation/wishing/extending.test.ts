/** A request to keep for good what was to be taken back, as approvers see it in chat. */
import { expect, it } from 'vitest'
import { giving, hasWallboard, userAt } from '../../../support/changes/change-orders.ts'
import { chatWorld, textOf } from '../../chat-world.ts'

const OLGA = { kind: 'slack', id: 'UOLGA' } as const
const BO = { kind: 'jwt', id: 'bo' } as const

it('approvers are asked whether somebody keeps it for good, and what they press is what holds', async () => {
  const world = await chatWorld({ approvals: [{ licenses: ['*'] }] })
  const ana = userAt(world, 0)
  const { value: plan } = await world
    .changes({ actor: OLGA, idempotencyKey: 'k1' })
    .request({ kind: 'assignments', ...giving([ana]), revertAfter: 'PT1H' })
  await world.changes({ actor: BO, operation: 'approve', idempotencyKey: 'd1' }).approve(plan.id, plan.digest)
  await world.tell()
  await world.records({ actor: OLGA, operation: 'cancel', idempotencyKey: 'c1' }).cancel(plan.id)
  await world.tick()
  const [request] = await world.tell()
  if (!request) throw new Error('nobody was asked')
  expect(textOf(request.message)).toMatch(
    /olga asks: Keep wallboardUser with Ana Abebe for good[\s\S]*A second person must approve/,
  )
  expect(textOf(request.message)).not.toMatch(/Everything is so already/)
  const done = textOf(await world.press('UABEL', request.message, 'Approve'))
  expect(done).toMatch(/Keep wallboardUser with Ana Abebe for good: /)
  expect(done).not.toMatch(/undo/)
  await world.rest()
  expect([hasWallboard(world, ana), world.posts()]).toEqual([true, 1])
})

it('cancel <id> in chat asks for it just as HTTP does, and the card names who has asked besides', async () => {
  const world = await chatWorld({ approvals: [{ licenses: ['*'] }] })
  const ana = userAt(world, 0)
  const { value: plan } = await world
    .changes({ actor: OLGA, idempotencyKey: 'k1' })
    .request({ kind: 'assignments', ...giving([ana]), revertAfter: 'PT1H' })
  await world.changes({ actor: BO, operation: 'approve', idempotencyKey: 'd1' }).approve(plan.id, plan.digest)
  expect(textOf(await world.type('UVERA', `cancel ${plan.id}`))).toMatch(/This is for operators/)
  const asked = textOf(await world.type('UOMAR', `cancel ${plan.id}`))
  expect(asked).toMatch(/Keep wallboardUser with Ana Abebe for good: waits for an approver/)
  const request = (await world.tell()).at(-1)
  if (!request) throw new Error('nobody was asked')
  expect(textOf(request.message)).toMatch(
    /omar asks: Keep[\s\S]*Asked for by olga too, who cannot approve it\./,
  )
  // Nobody has approved it: it is taken back in time.
  await world.rest()
  expect(hasWallboard(world, ana)).toBe(false)
})

it('cancel <id> calls off what has not begun', async () => {
  const world = await chatWorld()
  const { value } = await world
    .changes({ actor: OLGA, idempotencyKey: 'k1' })
    .request({ kind: 'assignments', ...giving([userAt(world, 0)]), notBefore: '2026-11-15T13:00:00Z' })
  expect(textOf(await world.type('UOLGA', `cancel ${value.id}`))).toMatch(/was called off/)
  await world.rest()
  expect(world.posts()).toBe(0)
})
