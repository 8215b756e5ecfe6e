/** A list that was ended stays ended, whatever had been asked for before. */
import { expect, test } from 'vitest'
import { assigning, giving } from '../../../support/changes/change-orders.ts'
import { BO, changeWorld } from '../../../support/changes/change-world.ts'

test('a list that was ended is not kept by an extension that was asked for before', async () => {
  const world = await changeWorld({ approvals: [{ peopleOver: 100 }], org: { users: 600 } })
  const ids = world.org.people(600).map(({ id }) => id)
  const order = { ...assigning(giving(ids)), revertAfter: 'PT1H' }
  const keyed = (operation: string) => ({ operation, idempotencyKey: `${operation}-1` })
  const { value: plan } = await world.plans(keyed('plan')).plan(order)
  await world.changes({ ...keyed('approve'), actor: BO }).approve(plan.id, plan.digest)
  await world.takeTurns(1)
  const { value: longer } = await world.records(keyed('extend')).extend(plan.id, { revertAfter: 'PT20H' })
  await world.changes(keyed('end')).end(plan.id)
  const late = world.changes({ operation: 'approve', idempotencyKey: 'approve-2', actor: BO })
  const { value } = await late.approve(longer.id, longer.digest)
  expect(value.state).toBe('SUPERSEDED')
})
