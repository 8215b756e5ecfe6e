import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { Change } from '../../lib/changes/answers/change-schemas.ts'
import { changeEvents, isTold, writeEvents } from '../../lib/changes/model/change-events.ts'
import { changeStates } from '../../lib/changes/model/transitions.ts'
import { EVENT_SOURCE } from '../../lib/events/contract.ts'
import { ToggleRequested } from '../../lib/events/flip-toggle.ts'

const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')

function examples(kind: 'in' | 'out'): unknown[] {
  return [...page.matchAll(new RegExp(`\`\`\`json ${kind}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) =>
    JSON.parse(text ?? ''),
  )
}

const Out = z.object({
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.string(),
  detail: z.strictObject({
    eventId: z.string(),
    isReminder: z.optional(z.boolean()),
    isAnswered: z.optional(z.boolean()),
    change: Change,
  }),
})

it('the page of events shows an event that the function takes', () => {
  const [example] = examples('in')
  expect(ToggleRequested.parse(example).detail.featureName).toBe('agentAssist')
})

it.each(examples('out'))('the page of events shows events as they go out: %#', (example) => {
  const { detail, 'detail-type': detailType } = Out.parse(example)
  expect(detail.eventId).toBe(`${detail.change.id}#${detail.change.history.length}`)
  expect(changeEvents[detail.change.state]).toBe(detailType)
})

it('the page of events names every event that goes out, and counts them', () => {
  const named = [...page.matchAll(/^\| (License Change [A-Za-z ]+) \| `([A-Z_]+)` \|/gm)]
  expect(Object.fromEntries(named.map(([, detailType, state]) => [state, detailType]))).toEqual(changeEvents)
  expect(named).toHaveLength(12)
  expect(page).toContain('One kind of event comes in, twelve go out of changes and two of the stop switch.')
})

it('the page of events names what is told of the stop switch', () => {
  for (const detailType of Object.values(writeEvents)) expect(page).toContain(`\`${detailType}\``)
})

it('the page of events names every field of an event’s detail', () => {
  const [, table = ''] = /\| field of `detail` going out [\s\S]*?\n((?:\|.*\n)+)/.exec(page) ?? []
  expect([...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)).toEqual(
    Object.keys(Out.shape.detail.shape),
  )
})

it('the page of events says which ends are told of what was asked for in chat alone', () => {
  const asked = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1' } as const
  const released = { state: 'CLAIMED', isReleased: true } as const
  const inChatAlone = changeStates.filter(
    (state) => isTold({ ...released, asked }, state, 0) && !isTold(released, state, 0),
  )
  const told = inChatAlone.map((state) => `\`${state}\``).join(', ')
  expect(page).toContain(`${told} ${inChatAlone.length === 1 ? 'is' : 'are'} told only where somebody waits`)
})
