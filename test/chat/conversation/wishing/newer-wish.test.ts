/** What is wished for while an earlier change of the same is open can be confirmed, though it holds as things stand. */
import { expect, it } from 'vitest'
import {
  BATCH_PATH,
  hasWallboard,
  OFF,
  togglePath,
  userAt,
  WALLBOARD,
} from '../../../support/changes/change-orders.ts'
import { headerOf } from '../../../support/changes/change-world.ts'
import { actionOf, type ChatWorld, chatWorld, textOf } from '../../chat-world.ts'

/** A change that olga has confirmed, whose answer never came. */
async function unanswered(world: ChatWorld, path: string, line: string) {
  world.org.addFaults([{ match: { method: 'POST', path }, do: { reset: true } }])
  const plan = await world.type('UOLGA', line)
  expect(textOf(await world.press('UOLGA', plan, 'Confirm'))).toContain('not known yet')
  return actionOf(plan, 'Confirm').changeId
}

it.each([
  [
    'of a license',
    BATCH_PATH,
    (id: string) => `grant ${WALLBOARD} to ${id}`,
    (id: string) => `revoke ${WALLBOARD} from ${id}`,
  ],
  ['of a toggle', togglePath(), () => `toggle ${OFF} on`, () => `toggle ${OFF} off`],
])('a wish %s that holds can be confirmed, and decides', async (_, path, wish, taken) => {
  const world = await chatWorld()
  const userId = userAt(world, 0)
  const first = await unanswered(world, path, wish(userId))
  world.clock.advance(10_000)
  const plan = await world.type('UOLGA', taken(userId))
  const said = textOf(plan)
  expect(said).toContain('[Confirm]\n[Cancel]')
  expect(said).not.toContain('nothing to confirm')
  expect(said).toContain('an earlier change of it is open')
  const { changeId } = actionOf(plan, 'Confirm')
  const shown = await world.type('UOLGA', `change ${changeId}`)
  expect(textOf(shown)).toContain('[Confirm]\n[Cancel]')
  await world.press('UOLGA', shown, 'Confirm')
  await world.rest()
  expect((await headerOf(world, changeId)).state).toMatch(/^(APPLIED|NOOP)$/)
  expect((await headerOf(world, first)).state).not.toBe('UNKNOWN')
  expect([hasWallboard(world, userId), world.org.truth().toggles[OFF]]).toEqual([false, false])
})
