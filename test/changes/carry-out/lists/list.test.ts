import { expect, test } from 'vitest'
import { assigning, giving } from '../../../support/changes/change-orders.ts'
import { changeWorld } from '../../../support/changes/change-world.ts'

test('a list of more pairs than one write may have is carried out part by part', async () => {
  const world = await changeWorld({ org: { users: 700 } })
  const ids = world.org.people(620).map(({ id }) => id)
  const { value: plan } = await world.plans().plan(assigning(giving(ids)))
  expect(plan.state).toBe('PLANNED')
  const { value: begun } = await world.changes().apply(plan.id, plan.digest)
  expect(begun.state).toBe('RUNNING')
  await world.takeTurns()
  const change = await world.records().change(plan.id)
  console.log(JSON.stringify(change), world.posts(), world.left)
  expect(change).toMatchObject({ state: 'APPLIED' })
})
