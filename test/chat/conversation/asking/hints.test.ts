/** What a person is pointed to: what they can type or press here, and what will work for them. */
import { describe, expect, it } from 'vitest'
import { OFF, toggle } from '../../../support/changes/change-orders.ts'
import { chatWorld, textOf } from '../../chat-world.ts'

describe('a person in chat', () => {
  it('who meets a change that is open hears until when, and which command shows it', async () => {
    const world = await chatWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
    const { value: first } = await world.changes({ idempotencyKey: 'k' }).request(toggle(true))
    expect(first.state).toBe('UNKNOWN')
    const plan = await world.type('UOLGA', `toggle ${OFF} on`)
    const told = textOf(await world.press('UOLGA', plan, 'Confirm'))
    expect(told).toMatch(/holds it until Sun 15 Nov 2026, \d\d:\d\d CET/)
    expect(told).toContain(`/license change ${first.id}`)
    expect(told).not.toMatch(/(GET|POST) \/v1/)
  })

  it('who owns the tool that asks is shown Reject alone, and another approver Approve too', async () => {
    const tools = { workforce: { owners: ['abel'], eventSources: ['com.example.workforce'] } }
    const world = await chatWorld({ approvals: [{ toggles: ['*'] }], policy: { tools } })
    const actor = { kind: 'event', id: 'com.example.workforce' } as const
    const { value } = await world
      .changes({ actor, operation: 'flip', idempotencyKey: 'e' })
      .request(toggle(true))
    const buttonsFor = async (userId: string) =>
      textOf(await world.type(userId, `change ${value.id}`)).match(/\[[A-Z][a-z]+\]/g)
    expect(await buttonsFor('UABEL')).toEqual(['[Reject]'])
    expect(await buttonsFor('UZOE')).toEqual(['[Approve]', '[Reject]'])
  })
})
