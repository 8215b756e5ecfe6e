/** What a person in chat is told of what went wrong: why, in their own time and in words, and what to do next. */
import { describe, expect, it } from 'vitest'
import { ScheduleMaker } from '../../../../lib/changes/schedule-maker.ts'
import {
  BATCH_PATH,
  OFF,
  schedulerForTests,
  toggle,
  togglePath,
  userAt,
  WALLBOARD,
} from '../../../support/changes/change-orders.ts'
import { ANA } from '../../../support/changes/change-world.ts'
import { actionOf, type ChatWorld, chatWorld, textOf } from '../../chat-world.ts'

const GRANT = `grant ${WALLBOARD} to ana@example.com`
const ROLE = '00000000-0000-4000-8000-000000000000'
const said = async (world: ChatWorld, line: string) => textOf(await world.type('UOLGA', line))

async function ill(response: { status: number; headers?: Record<string, string>; body?: unknown }) {
  const world = await chatWorld()
  world.org.addFaults([{ match: {}, times: 99, do: response }])
  return world
}

describe('where Genesys is ill', () => {
  it.each([
    ['an error', { status: 500, body: { code: 'internal.server.error', message: 'x', status: 500 } }],
    ['a redirect', { status: 302, headers: { Location: 'https://example.com' } }],
    ['a body of another form', { status: 200, body: { code: 'a' } }],
  ])('with %s a wish changed nothing, and it says so and what to do', async (_, response) => {
    const world = await ill(response)
    const told = await said(world, GRANT)
    expect(told).toContain('Nothing was changed in Genesys.')
    expect(told).toMatch(/[Tt]ry again/)
    expect(told).toContain('tell whoever operates the gateway')
    const asked = await said(world, `definition ${WALLBOARD}`)
    expect(asked).not.toMatch(/nothing was/i)
    expect(asked).toContain('tell whoever operates the gateway')
  })

  it('a firewall’s page is told whole, and to whom it is of use', async () => {
    const world = await ill({
      status: 403,
      headers: { 'Content-Type': 'text/html' },
      body: '<html>no</html>',
    })
    const told = await said(world, GRANT)
    expect(told).toMatch(
      /whoever operates the gateway must look at the proxy, firewall or web filter on its way to Genesys/i,
    )
    expect(told).not.toMatch(/more\)|operator/)
  })

  it('that it asks to wait is said once, in words', async () => {
    const world = await ill({
      status: 429,
      headers: { 'Retry-After': '1' },
      body: { code: 'too.many', message: 'x' },
    })
    const told = await said(world, 'definitions')
    expect(told).toMatch(/takes no more requests for the moment\nTry again in 1 second\./)
    expect(told.match(/again/g)).toHaveLength(1)
  })
})

it('Genesys’s own reason is told with its status, also in the list', async () => {
  const world = await chatWorld()
  const body = { code: 'bad.request', message: 'User is not licensable: seats exhausted', status: 400 }
  world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, do: { status: 400, body } }])
  const plan = await world.type('UOLGA', GRANT)
  expect(textOf(await world.press('UOLGA', plan, 'Confirm'))).toContain(
    'Genesys answered 400: User is not licensable: seats exhausted',
  )
  expect(await said(world, 'changes')).toContain('seats exhausted')
})

it.each(['toggle nope', 'toggle nope on'])('a toggle that there is not is named: %s', async (line) => {
  expect(await said(await chatWorld(), line)).toContain('Genesys has no toggle nope')
})

describe('infer', () => {
  it.each([
    ['Supervisor', '“Supervisor” is no role id'],
    ['nonsense admin', '“nonsense”, “admin” are no role ids'],
  ])('of what is no id says so: %s', async (roles, told) => {
    expect(await said(await chatWorld(), `infer ${roles}`)).toContain(told)
  })

  it('of ids that need none does not pass unknown for no', async () => {
    const told = await said(await chatWorld(), `infer ${ROLE}`)
    expect(told).toContain('Genesys names no license')
    expect(told).toContain('an id that it does not know')
  })
})

describe('times, names and states', () => {
  it('of a change that is open are those of a person', async () => {
    const world = await chatWorld()
    world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, do: { reset: true } }])
    await world.press('UOLGA', await world.type('UOLGA', GRANT), 'Confirm')
    world.clock.advance(1_000)
    const again = await world.type('UOLGA', `revoke ${WALLBOARD} from ana@example.com`)
    const told = textOf(await world.press('UOLGA', again, 'Confirm'))
    expect(told).toMatch(
      /is open on wallboardUser of Ana Abebe and holds it until Sun 15 Nov 2026, \d\d:\d\d CET/,
    )
    expect(told).not.toMatch(/\d{4}-\d\d-\d\dT/)
    expect(told).not.toContain(userAt(world, 0))
  })

  it('of what cannot be settled are words', async () => {
    const world = await chatWorld()
    const { changeId } = actionOf(await world.type('UOLGA', `toggle ${OFF} on`), 'Confirm')
    expect(await said(world, `settle ${changeId}`)).toMatch(
      /is planned\nOnly what is not known for sure yet or in need of a person to look can be settled/,
    )
  })
})

it('schedules have their time in their own zone, and words for how they stand', async () => {
  const world = await chatWorld()
  const order = { at: '2026-12-01T09:00', timeZone: 'Europe/Berlin', change: toggle(true) }
  const caller = { actor: ANA, operation: 'createSchedule', idempotencyKey: 's' }
  await new ScheduleMaker(world.bench(), schedulerForTests().scheduler, caller).create(order)
  const again = { cron: '0 8 ? * MON *', timeZone: 'Europe/Berlin', change: toggle(true) }
  const other = { actor: ANA, operation: 'createSchedule', idempotencyKey: 't' }
  await new ScheduleMaker(world.bench(), schedulerForTests().scheduler, other).create(again)
  const told = await said(world, 'schedules')
  expect(told).toContain('Tue 1 Dec 2026, 09:00 CET (Europe/Berlin)')
  expect(told).toContain('every Monday at 08:00, Europe/Berlin')
  expect(told).toMatch(/active/)
  expect(told).not.toContain('ACTIVE')
})

it('what became of a license is not told as before where it is not known', async () => {
  const world = await chatWorld()
  world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, do: { reset: true } }])
  const told = textOf(await world.press('UOLGA', await world.type('UOLGA', GRANT), 'Confirm'))
  expect(told).toContain('before cloudCX2 → after not known')
  expect(told).not.toContain('as before')
})

it('what failed cannot be called off, and nothing is said of undoing it', async () => {
  const world = await chatWorld()
  const body = { code: 'bad.request', message: 'no', status: 400 }
  world.org.addFaults([{ match: { method: 'POST', path: togglePath() }, do: { status: 400, body } }])
  const plan = await world.type('UOLGA', `toggle ${OFF} on`)
  await world.press('UOLGA', plan, 'Confirm')
  const told = await said(world, `cancel ${actionOf(plan, 'Confirm').changeId}`)
  expect(told).toContain('is over (it failed): there is nothing left of it to call off')
  expect(told).not.toContain('undo')
})

it('one holder of one seat is one', async () => {
  const world = await chatWorld({ policy: { licenses: { [WALLBOARD]: { seats: 1 } } } })
  await world.read()
  expect(await said(world, `who ${WALLBOARD}`)).toMatch(/of 1 seat,/)
})
