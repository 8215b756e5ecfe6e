/** `settle`: what nobody is sure of is looked at, and the reply says how it stands then. */
import { expect, it } from 'vitest'
import { byHand, OFF, togglePath } from '../../../support/changes/change-orders.ts'
import { headerOf } from '../../../support/changes/change-world.ts'
import { actionOf, chatWorld, textOf } from '../../chat-world.ts'

/** A toggle that olga has confirmed, and whose POST was lost. */
async function unclear() {
  const world = await chatWorld()
  world.org.addFaults([{ match: { method: 'POST', path: togglePath() }, do: { reset: true } }])
  const plan = await world.type('UOLGA', `toggle ${OFF} on`)
  await world.press('UOLGA', plan, 'Confirm')
  return { world, changeId: actionOf(plan, 'Confirm').changeId }
}

it('is offered where a change needs attention, and says what was read and what to do', async () => {
  const { world, changeId } = await unclear()
  await world.rest()
  const shown = textOf(await world.type('UOLGA', `change ${changeId}`))
  expect(shown).toContain(`settle ${changeId}`)
  const said = textOf(await world.type('UOLGA', `settle ${changeId}`))
  expect(said).toMatch(/Switch concurrentLicensing on: failed/)
  expect(said).toContain(`the toggle ${OFF} reads off`)
  const { state, history } = await headerOf(world, changeId)
  expect([state, history.at(-1)?.by]).toEqual(['FAILED', 'olga'])
})

it('says done where it reads as desired', async () => {
  const { world, changeId } = await unclear()
  await world.rest()
  await byHand(world).press()
  expect(textOf(await world.type('UOLGA', `settle ${changeId}`))).toMatch(/done, and Genesys shows it/)
})

it('says until when to wait while it may still land', async () => {
  const { world, changeId } = await unclear()
  const said = textOf(await world.type('UOLGA', `settle ${changeId}`))
  expect(said).toMatch(/may still land until Sun 15 Nov 2026, 13:01 CET/)
  expect((await headerOf(world, changeId)).state).toBe('UNKNOWN')
})

it('is refused to viewers', async () => {
  const { world, changeId } = await unclear()
  await world.rest()
  expect(textOf(await world.type('UVERA', `settle ${changeId}`))).toMatch(/operator/)
  expect((await headerOf(world, changeId)).state).toBe('NEEDS_ATTENTION')
})
