import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { changeEvents } from '../../lib/changes/announce.ts'
import { Change } from '../../lib/changes/models.ts'
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
  detail: z.strictObject({ eventId: z.string(), change: Change }),
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

it('the page of events names every event that goes out', () => {
  for (const [state, detailType] of Object.entries(changeEvents)) {
    expect(page).toContain(`| ${detailType} | \`${state}\` |`)
  }
})
