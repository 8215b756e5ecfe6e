/** Writes that each have something to send: they name the opposite of what the org has by then. */
import { randomUUID } from 'node:crypto'
import type { Contender } from '../contenders.ts'
import type { Serving } from '../processes/servers.ts'
import { proxyEvent } from '../proxy-event.ts'
import { commandDelivered } from '../slack-commands.ts'

/** One operation that writes, and how it is asked for. */
export interface Write {
  /** As rows name it. */
  readonly name: string
  /** Ours; the bare handler is the same for all. */
  readonly functionName: string
  /** Of the targets there are, each in its turn. To the bare handler the event names what it is to send upstream. */
  events(count: number, to: Contender['name']): Promise<readonly unknown[]>
}

export interface Writes {
  readonly pair: Write
  readonly toggle: Write
  /** One that is planned and looked at first: nothing is sent. */
  readonly plan: Write
  /** The same, typed in Slack. */
  readonly command: Write
  /** One batch of so many users, who all gain or lose the license. */
  readonly batch: (pairs: number) => Promise<unknown>
}

/** Few hold it to begin with, and it needs no other. */
const LICENSE = 'wallboardUser'

/** What has been turned over, and to what. */
interface Flip {
  readonly name: string
  readonly isOn: boolean
}

export function writesOn({ org }: Pick<Serving, 'org'>): Writes {
  const truth = async () => (await (await fetch(`${org}/__org/truth`)).json()) as Truth
  const users = inTurn(async () =>
    Object.fromEntries(
      Object.entries((await truth()).users).map(([id, held]) => [id, held.includes(LICENSE)]),
    ),
  )
  const toggles = inTurn(async () => (await truth()).toggles)
  return {
    pair: {
      name: 'POST /api/v2/license/organization of one pair',
      functionName: 'post-license-organization',
      events: async (count) => (await users(count)).map((flip) => batchEvent([flip])),
    },
    toggle: {
      name: 'PUT /v1/toggles/{featureName}',
      functionName: 'put-toggle',
      events: async (count, to) => (await toggles(count)).map(to === 'ours' ? putEvent : pressEvent),
    },
    plan: {
      name: 'POST /v1/changes of one pair',
      functionName: 'create-change',
      events: async (count) => (await users(count)).map(planEvent),
    },
    command: {
      name: 'a command of Slack that plans a toggle',
      functionName: 'run-command',
      events: async (count) =>
        (await toggles(count)).map(({ name, isOn }) =>
          commandDelivered(`toggle ${name} ${isOn ? 'on' : 'off'}`),
        ),
    },
    batch: async (pairs) => batchEvent(await users(pairs)),
  }
}

interface Truth {
  readonly users: Readonly<Record<string, readonly string[]>>
  readonly toggles: Readonly<Record<string, boolean>>
}

/** The next so many, after those of the call before, each turned over. */
function inTurn(valuesNow: () => Promise<Readonly<Record<string, boolean>>>) {
  let taken = 0
  return async (count: number): Promise<Flip[]> => {
    const values = new Map(Object.entries(await valuesNow()))
    const names = [...values.keys()]
    return Array.from({ length: count }, () => {
      const name = names[taken % names.length] ?? ''
      taken += 1
      const isOn = !values.get(name)
      values.set(name, isOn)
      return { name, isOn }
    })
  }
}

function batchEvent(flips: readonly Flip[]) {
  return proxyEvent('POST', '/api/v2/license/organization', {}, { body: assignmentsOf(flips) })
}

function planEvent(flip: Flip) {
  const written = { body: { kind: 'assignments', ...assignmentsOf([flip]) }, idempotencyKey: randomUUID() }
  return proxyEvent('POST', '/v1/changes', {}, written)
}

function assignmentsOf(flips: readonly Flip[]) {
  const named = (wanted: boolean) => flips.filter(({ isOn }) => isOn === wanted).map(({ name }) => name)
  return { assignments: [{ licenseId: LICENSE, userIdsAdd: named(true), userIdsRemove: named(false) }] }
}

function putEvent({ name, isOn }: Flip) {
  const written = { body: { enabled: isOn }, idempotencyKey: randomUUID() }
  return proxyEvent('PUT', '/v1/toggles/{featureName}', { featureName: name }, written)
}

function pressEvent({ name }: Flip) {
  return proxyEvent('POST', '/api/v2/license/toggles/{featureName}', { featureName: name })
}
