import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { Change } from '../../lib/changes/answers/change-schemas.ts'
import {
  changeEvents,
  ENDING_EVENT,
  isTold,
  PROGRESS_EVENT,
  scheduleEvents,
  writeEvents,
} from '../../lib/changes/model/change-events.ts'
import { changeStates } from '../../lib/changes/model/transitions.ts'
import { EVENT_SOURCE } from '../../lib/events/contract.ts'
import { ToggleRequested } from '../../lib/events/flip-toggle.ts'
import {
  ContractTold,
  DigestTold,
  noticeEvents,
  OutsideTold,
  SeatsTold,
} from '../../lib/seats/notices/notices.ts'
import { turns } from '../../lib/seats/notices/seat-standings.ts'

const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')

function examples(kind: 'in' | 'out' | 'seats'): unknown[] {
  return [...page.matchAll(new RegExp(`\`\`\`json ${kind}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) =>
    JSON.parse(text ?? ''),
  )
}

/** The same schema, taking nothing that it does not name. */
const strictly = <T extends z.core.$ZodShape>({ shape }: z.ZodMiniObject<T>) => z.strictObject(shape)

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
  expect(named).toHaveLength(16)
  expect(page).toContain(`\`${ENDING_EVENT}\``)
  expect(page).toContain(`\`${PROGRESS_EVENT}\``)
  expect(page).toContain(
    'One kind of event comes in, eighteen go out of changes, two of the stop switch, two of schedules and four of seats.',
  )
})

it('the page of events names what is told of the stop switch and of schedules', () => {
  for (const detailType of Object.values({ ...writeEvents, ...scheduleEvents }))
    expect(page).toContain(`\`${detailType}\``)
})

const OutOfSeats = z.object({
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.enum(Object.values(noticeEvents)),
  detail: z.union([
    z.strictObject({ eventId: z.string(), seats: strictly(SeatsTold) }),
    z.strictObject({ eventId: z.string(), outside: strictly(OutsideTold) }),
    z.strictObject({ eventId: z.string(), digest: strictly(DigestTold) }),
    z.strictObject({ eventId: z.string(), contract: strictly(ContractTold) }),
  ]),
})

it.each(examples('seats'))('the page of events shows events of seats as they go out: %#', (example) => {
  const { detail, 'detail-type': detailType } = OutOfSeats.parse(example)
  const [kind = ''] = detail.eventId.split('#')
  expect(Object.keys(detail)).toEqual(['eventId', kind])
  expect(detailType).toBe({ ...noticeEvents, seats: noticeEvents.over }[kind])
})

it('the page of events names every event of seats, and each field of an overage', () => {
  const [, below = ''] = page.split('## Out: seats')
  for (const detailType of Object.values(noticeEvents)) expect(below).toContain(`| ${detailType} | `)
  const [, table = ''] = /\| field of `seats`[\s\S]*?\n((?:\|.*\n)+)/.exec(below) ?? []
  const named = [...table.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(
    ([, names = '']) => names.match(/\w+/g) ?? [],
  )
  expect(named.sort()).toEqual(Object.keys(SeatsTold.shape).sort())
})

it('the page of events says what is told of each turn, as it is declared', () => {
  const [, table = ''] = /<!-- turns -->\n([\s\S]*?)<!-- \/turns -->/.exec(page) ?? []
  const rows = Object.entries(turns).flatMap(([from, to]) =>
    Object.entries(to).map(
      ([standing, { tells, turn }]) => `| ${from} | ${standing} | ${noticeEvents[tells]} | \`${turn}\` |`,
    ),
  )
  expect(table.trim().split('\n').slice(2).sort()).toEqual(rows.sort())
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
