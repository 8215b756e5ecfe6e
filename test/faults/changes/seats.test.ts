/** Seats over real HTTP, each function in its own composition: they count the same. */
import { expect, it } from 'vitest'
import { Change } from '../../../lib/changes/answers/change-schemas.ts'
import {
  changeBehind,
  giving,
  postOrganization,
  sendRecording,
  userAt,
} from '../../support/changes/license-requests.ts'
import { gatewayForTests } from '../../support/gateway.ts'
import { takeReadingOfStack } from '../../support/seats/readings.ts'

/** As the laptop's own policy has it. */
const LICENSE = 'cloudCX3'
const SEATS = 100

const stack = await gatewayForTests()
const { org } = stack

/** The first of those who do not hold the license. */
function newcomer(n: number): string {
  const { users } = org.truth()
  const without = org.people(60).filter(({ id }) => !users[id]?.includes(LICENSE))
  return without[n]?.id ?? userAt(stack, n)
}

const truth = () => Object.values(org.truth().users).filter((each) => each.includes(LICENSE)).length

async function planned(userId: string) {
  const { status, json } = await sendRecording(stack, 'POST', '/v1/changes', {
    kind: 'assignments',
    ...giving(userId, LICENSE),
  })
  expect(status).toBe(201)
  return Change.parse(json)
}

it('a plan over HTTP counts from the last reading, with what was written since by each function', async () => {
  const [one, two] = [newcomer(0), newcomer(1)]
  expect((await planned(one)).findings?.seats).toEqual([{ licenseId: LICENSE, seats: SEATS }])

  await takeReadingOfStack()
  const before = truth()
  expect((await planned(one)).findings?.seats).toMatchObject([
    { taken: before, after: before + 1, unknown: 0 },
  ])
  expect((await postOrganization(stack, JSON.stringify(giving(one, LICENSE)))).status).toBe(200)
  const plan = await planned(two)
  expect(plan.findings?.seats).toMatchObject([{ taken: before + 1, after: before + 2, isOver: false }])
  const applied = await sendRecording(stack, 'POST', `/v1/changes/${plan.id}/apply`, { digest: plan.digest })
  expect(applied.json).toMatchObject({ state: 'APPLIED' })
  expect((await planned(one)).findings?.seats).toMatchObject([{ taken: before + 2, after: before + 2 }])
  expect((await changeBehind(stack, applied)).findings?.seats).toEqual(plan.findings?.seats)
  expect(truth()).toBe(before + 2)
})
