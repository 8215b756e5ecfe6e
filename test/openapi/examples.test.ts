import { describe, expect, it } from 'vitest'
import { operations } from '../../lib/operations/index.ts'
import { gatewayForTests } from '../support/gateway.ts'
import { takeReadingOfStack } from '../support/seats/readings.ts'
import { describedBy, exampleBodyOf, sendExample, stateOf } from './sent-examples.ts'

const stack = await gatewayForTests()
const send = (id: string) => sendExample(stack, id)

/** @throws Error where the operation takes none. */
async function digestIn(id: string): Promise<string> {
  const request = (await describedBy(stack)).get(id)
  return String(Object(request && exampleBodyOf(request)).digest)
}

describe('the examples of the document', () => {
  it('are there for every body, every key and everything in a path', async () => {
    const requests = await describedBy(stack)
    for (const { id, body, params } of operations) {
      const request = requests.get(id)
      expect([id, request && exampleBodyOf(request) !== undefined]).toEqual([id, body !== undefined])
      const needed = request?.parameters.filter((each) => each.in === 'path' || each.in === 'header') ?? []
      expect([id, needed.filter(({ example }) => example === undefined)]).toEqual([id, []])
      expect(needed.filter((each) => each.in === 'path')).toHaveLength(Object.keys(params).length)
    }
  })

  it('ask for a reading and look how far it is, and then look back', async () => {
    expect(stateOf(await send('createReading'))).toBe('waiting')
    expect(stateOf(await send('getReading'))).toBe('waiting')
    await takeReadingOfStack()
    expect(stateOf(await send('getReading'))).toBe('whole')
    for (const id of ['getUserHistory', 'getLicenseHistory'])
      expect(Object((await send(id)).json).entities).toContainEqual(
        expect.objectContaining({ by: 'before records' }),
      )
  })

  it('are answered, where they are about nothing that another example makes', async () => {
    await takeReadingOfStack()
    for (const { id, path, params } of operations) {
      const isAlone = Object.keys(params).length === 0
      if (path.startsWith('/api/v2/') || isAlone) await send(id)
    }
    expect(stateOf(await send('putToggle'))).toBe('NOOP')
  })

  it('go on from one to the next: planned, applied, looked at and taken back', async () => {
    const planned = await send('createChange')
    expect(Object(planned.json)).toMatchObject({ state: 'PLANNED', digest: await digestIn('applyChange') })
    expect(stateOf(await send('applyChange'))).toBe('APPLIED')
    expect(stateOf(await send('getChange'))).toBe('APPLIED')
    expect((await send('getChangeResults')).json).toMatchObject({ entities: [{ outcome: 'applied' }] })
    expect((await send('undoChange')).json).toMatchObject({ state: 'APPLIED' })
  })

  it('can be called off instead', async () => {
    await send('createChange')
    expect(stateOf(await send('cancelChange'))).toBe('CANCELLED')
  })

  it('make a schedule, have it approved and delete it', async () => {
    const made = await send('createSchedule')
    const digest = await digestIn('approveSchedule')
    expect(Object(made.json)).toMatchObject({ state: 'AWAITING_APPROVAL', digest })
    expect(stateOf(await send('approveSchedule'))).toBe('ACTIVE')
    expect(stateOf(await send('getSchedule'))).toBe('ACTIVE')
    expect(stateOf(await send('deleteSchedule'))).toBe('DELETED')
  })

  it('make a schedule, and reject it instead', async () => {
    await send('createSchedule')
    const rejected = await send('rejectSchedule')
    expect(rejected.json).toMatchObject({
      state: 'REJECTED',
      approval: { reason: 'Every second Monday is enough' },
    })
  })
})
