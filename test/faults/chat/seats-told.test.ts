/**
 * Over the seats on the whole local stack: readings by their own function, the bus, both chats. Told once where it is entered
 * and once where a later whole reading shows it left; no name, e-mail or price in any line, event or notice.
 */
import { expect, it } from 'vitest'
import type { SeenMessage } from '../../../infra/local/chat/seen.ts'
import { sendRecording } from '../../support/changes/license-requests.ts'
import { chatOf, textOf, untilSeen } from '../../support/chat.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'

/** As the laptop's own policy has it. */
const LICENSE = 'cloudCX3'
const SEATS = 100
const USERS = 140

const MINUTE_MS = 60_000
const PATIENCE_MS = 60_000

/** Of the org's own bill. */
const PRICES = ['155.07', '115.02', '98765.43', '1234.56']

const stack = await gatewayForTests({
  org: { users: USERS, billing: { contracts: [{}] } },
  takesInventory: true,
})
const { org, aws } = stack
const people = org.people(USERS)

const isHolder = ({ id }: { readonly id: string }) => org.licensesOf(id)?.includes(LICENSE) === true

/** What Genesys's own pages would do. */
async function assignByHand(userIdsAdd: readonly string[], userIdsRemove: readonly string[] = []) {
  const answer = await fetch(`${org.url}/__org/assignments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ assignments: [{ licenseId: LICENSE, userIdsAdd, userIdsRemove }] }),
  })
  expect(answer.status).toBeLessThan(300)
}

async function readWhole() {
  const { status, json } = await sendRecording(stack, 'POST', '/v1/readings')
  expect(status).toBe(202)
  for (let state = ''; state !== 'whole'; ) {
    await aws.advance(MINUTE_MS)
    const progress = await sendRaw(stack, { path: `/v1/readings/${Object(json).id}` })
    state = Object(progress.json).state
  }
  await aws.advance(2 * MINUTE_MS)
}

const isOfSeats = (said: SeenMessage) => textOf(said).includes(`${LICENSE}: `)
const toldIn = (platform: 'slack' | 'teams') =>
  chatOf(stack).seen(platform, 'approver', 0).messages.filter(isOfSeats)
const untilTold = (count: number) =>
  Promise.all(
    (['slack', 'teams'] as const).map((platform) =>
      untilSeen(chatOf(stack), platform, 'approver', isOfSeats, count),
    ),
  )

it(
  'is told once in each chat, and once when it is over, with counts alone',
  async () => {
    await readWhole()
    const missing = SEATS + 3 - people.filter(isHolder).length
    const given = people
      .filter((each) => !isHolder(each))
      .slice(0, missing)
      .map(({ id }) => id)
    await assignByHand(given)
    await readWhole()
    for (const [said] of await untilTold(1)) {
      if (!said) throw new Error('it is told')
      expect(textOf(said)).toContain(`${LICENSE}: ${SEATS + 3} held, ${SEATS} paid for`)
      expect(textOf(said)).toContain('given it outside of the gateway')
    }
    await aws.advance(3 * MINUTE_MS)
    expect([toldIn('slack').length, toldIn('teams').length]).toEqual([1, 1])

    await assignByHand([], given)
    await readWhole()
    for (const messages of await untilTold(2)) {
      expect(messages.map(textOf).filter((each) => each.includes('no longer over its seats'))).toHaveLength(1)
    }
    await aws.advance(3 * MINUTE_MS)
    expect([toldIn('slack').length, toldIn('teams').length]).toEqual([2, 2])

    const messages = [
      ...chatOf(stack).seen('slack', 'approver', 0).messages,
      ...chatOf(stack).seen('teams', 'approver', 0).messages,
    ]
    const written = [...stack.logged, JSON.stringify(aws.events()), JSON.stringify(messages)].join('\n')
    expect(written).toContain('License Over Seats')
    const secrets = [...people.flatMap(({ name, email }) => [name, String(email)]), ...PRICES]
    expect(secrets.filter((each) => written.includes(each))).toEqual([])
    const kept = JSON.stringify(await stack.stored.all())
    expect(PRICES.filter((each) => kept.includes(each))).toEqual([])
  },
  PATIENCE_MS,
)
