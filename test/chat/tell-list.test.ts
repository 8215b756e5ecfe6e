/** A list that is under way: told by one message, brought up to date as it goes, every ten seconds at most. */
import { describe, expect, it } from 'vitest'
import type { Asked } from '../../lib/changes/model/header.ts'
import { partIdOf } from '../../lib/changes/model/record-ids.ts'
import { slackApi } from '../../lib/chat/slack/api.ts'
import type { SlackMessage } from '../../lib/chat/slack/message.ts'
import { GatewayError } from '../../lib/errors.ts'
import { nodeTransport, TransportError } from '../../lib/transport/transport.ts'
import { assigning, assignment, WALLBOARD } from '../support/changes/change-orders.ts'
import { headerOf } from '../support/changes/change-world.ts'
import { startServer } from '../support/servers.ts'
import { APPROVERS, type ChatWorld, type ChatWorldOptions, chatWorld, textOf } from './chat-world.ts'

const PEOPLE = 200
const PARTS = 7
const SECOND_MS = 1_000
const MINUTE_MS = 60_000

/** What Slack says of a message. */
const TAKEN = { ok: true, channel: APPROVERS, ts: '1.1' }

const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })

interface Touch {
  readonly atMs: number
  readonly by: 'post' | 'update'
  readonly to: string
  readonly message: SlackMessage
}

interface ListChat extends ChatWorld {
  readonly id: string
  /** What was posted and what took its place, in order. */
  readonly touches: Touch[]
  /** What was said below its message, which is no touch of it. */
  readonly below: SlackMessage[]
  /** A part every so often, and what is told of it. */
  readonly goOn: (parts: number, everyMs?: number) => Promise<void>
  /** All parts that are left, and the end. */
  readonly finish: () => Promise<void>
  /** One part, and the end since somebody calls it off behind that. */
  readonly callOff: () => Promise<void>
}

interface ListChatOptions extends ChatWorldOptions {
  readonly revertAfter?: string
  /** Where in chat, of olga. */
  readonly asked?: Asked
}

/** A list of some six hundred pairs that was applied over HTTP, so that the channel for notices hears of it. */
async function begunList({ slack, revertAfter, asked, ...options }: ListChatOptions = {}): Promise<ListChat> {
  const touches: Touch[] = []
  const below: SlackMessage[] = []
  const world = await chatWorld({
    ...options,
    org: { users: PEOPLE, ...options.org },
    slack: (inner) => {
      const patched = { ...inner, ...slack?.(inner) }
      return {
        ...patched,
        async post(to, message) {
          const answer = await patched.post(to, message)
          if (message.thread_ts !== undefined) below.push(message)
          else touches.push({ atMs: world.clock.nowMs(), by: 'post', to, message })
          return answer
        },
        async update(place, message) {
          const answer = await patched.update(place, message)
          touches.push({ atMs: world.clock.nowMs(), by: 'update', to: place.channelId, message })
          return answer
        },
      }
    },
  })
  const ids = world.org.people(PEOPLE).map(({ id }) => id)
  const order = assigning({
    assignments: [WALLBOARD, 'gcSTAupgrade', 'agentAssistLicense'].map((license) => assignment(license, ids)),
  })
  const actor = asked && ({ kind: 'slack', id: asked.userId } as const)
  const caller = { ...keyed('plan'), ...(actor ? { actor } : {}) }
  const { value } = await world.plans(caller).plan({ ...order, revertAfter }, asked)
  await world.changes(keyed('apply')).apply(value.id, value.digest)
  await world.tell()
  const goOn: ListChat['goOn'] = async (parts, everyMs = 6 * SECOND_MS) => {
    for (let taken = 0; taken < parts; taken++) {
      world.clock.advance(everyMs)
      await world.takeTurns(1)
      await world.tell()
    }
  }
  const end = async () => {
    world.clock.advance(MINUTE_MS)
    await world.tick()
    await world.tell()
  }
  return {
    ...world,
    id: value.id,
    touches,
    below,
    goOn,
    async finish() {
      await goOn(PARTS)
      await end()
    },
    async callOff() {
      await goOn(1)
      await world.records(keyed('cancel')).cancel(value.id)
      await end()
    },
  }
}

const said = ({ touches }: ListChat) => touches.map(({ message }) => textOf(message))
const last = (world: ListChat) => said(world).at(-1) ?? ''
const gapsOf = ({ touches }: ListChat) =>
  touches.slice(1).map(({ atMs }, at) => atMs - (touches[at]?.atMs ?? 0))

describe('a list that was asked for over HTTP', () => {
  it('is one message in the channel for notices, never touched twice within ten seconds, and the last is its end', async () => {
    const world = await begunList()
    expect(world.touches).toMatchObject([{ by: 'post', to: APPROVERS }])
    expect(last(world)).toMatch(/is under way, part by part\n░{20} \d %: \d+ of 600, as of 12:00 UTC/)
    expect(last(world)).toContain('[Pause]\n[Call off]')
    await world.finish()
    expect(world.touches.filter(({ by }) => by === 'post')).toHaveLength(1)
    expect(gapsOf(world).length).toBeGreaterThanOrEqual(4)
    expect(Math.min(...gapsOf(world))).toBeGreaterThanOrEqual(10_000)
    const shares = said(world).map((text) => Number(/(\d+) %/.exec(text)?.[1]))
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(last(world)).toMatch(/done, and Genesys shows it\n█{20} 100 %: 600 of 600\n/)
    expect(last(world)).toContain(`results ${world.id}`)
    expect(last(world)).not.toMatch(/\[Pause|[0-9a-f]{8}-[0-9a-f]{4}/)
    expect(world.undelivered).toEqual([])
    // Of whoever asked no Slack id is known: the channel sees it.
    expect(world.below.map(textOf)).toEqual([
      expect.stringMatching(/^✅ Give .*: done, and Genesys shows it$/),
    ])
    expect(world.below).toMatchObject([{ reply_broadcast: true }])
  })

  it('is touched once for what several containers are told at once, and never goes back to what it was', async () => {
    const world = await begunList()
    world.clock.advance(20_000)
    await world.takeTurns(1)
    const event = world.told.at(-1)
    const sent = { 'detail-type': event?.detailType, source: 'test', detail: event?.detail }
    await Promise.all([world.deliver(sent), world.deliver(sent), world.deliver(sent)])
    expect(world.touches).toHaveLength(2)
    await world.finish()
    const end = last(world)
    world.clock.advance(MINUTE_MS)
    await world.deliver(sent)
    expect(last(world)).toBe(end)
  })

  it('says who has paused it, and goes on and is called off by who presses the buttons', async () => {
    const world = await begunList()
    await world.goOn(2)
    await world.records(keyed('pause')).pause(world.id)
    await world.tick()
    await world.tell()
    expect(last(world)).toMatch(
      /is paused: no further part begins[\s\S]*Paused by jwt:ana: .*\n[\s\S]*\[Resume\]\n\[Call off\]/,
    )
    const paused = world.touches.at(-1)?.message
    if (!paused) throw new Error('nothing was told')
    expect(textOf(await world.press('UVERA', paused, 'Resume'))).toMatch(/This is for operators/)
    const resumed = await world.press('UOMAR', paused, 'Resume')
    expect(textOf(resumed)).toMatch(/is under way, part by part[\s\S]*\[Pause\]/)
    const stopped = await world.press('UOMAR', resumed, 'Call off')
    expect(textOf(stopped)).toMatch(/is ending[\s\S]*Called off by omar: no further part begins/)
    await world.finish()
    expect(last(world)).toMatch(/done in part[\s\S]*not begun[\s\S]*Called off by omar\.[\s\S]*\[Retry\]$/)
    expect(await headerOf(world, world.id)).toMatchObject({ state: 'PARTIAL' })
    expect(Math.min(...gapsOf(world))).toBeGreaterThanOrEqual(10_000)
  })

  it('is told where it was asked for, in the time of whoever did', async () => {
    const asked = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'UOLGA' } as const
    const world = await begunList({ asked })
    expect(world.touches).toMatchObject([{ by: 'post', to: 'C1' }])
    expect(last(world)).toMatch(/as of 13:00 CET/)
    expect(world.below).toEqual([])
    await world.callOff()
    await world.tell()
    // Nobody is notified of what takes a message's place.
    expect(world.below.map(textOf)).toEqual([expect.stringMatching(/^<@UOLGA> ⚠️ Give .*: done in part$/)])
    expect(world.below).toMatchObject([{ thread_ts: '1.000100', reply_broadcast: false }])
  })

  it('is paused, let go on and called off by who types it; all writes are not touched by that', async () => {
    const world = await begunList()
    expect(textOf(await world.type('UVERA', `pause ${world.id}`))).toMatch(/This is for operators/)
    const waitsNow = async () => (await world.records().change(world.id)).waits
    expect(await waitsNow()).toBeUndefined()
    const untilMs = world.clock.nowMs() + MINUTE_MS
    await world.store.ledger.holdLists({ untilMs })
    expect(await waitsNow()).toMatchObject({ why: 'minute.used', until: new Date(untilMs).toISOString() })
    await world.store.ledger.holdLists({ untilMs: untilMs + SECOND_MS, refusedAtMs: world.clock.nowMs() })
    expect(await waitsNow()).toMatchObject({
      why: 'refused',
      until: new Date(untilMs + SECOND_MS).toISOString(),
    })
    expect(textOf(await world.type('UVERA', `change ${world.id}`))).toMatch(
      /Genesys takes no more requests for now: all lists wait until .*12:01 UTC\./,
    )
    expect(textOf(await world.type('UOMAR', `pause ${world.id}`))).toMatch(/Paused by omar/)
    expect(await waitsNow()).toBeUndefined()
    expect(textOf(await world.type('UOMAR', `resume ${world.id}`))).toMatch(/is under way/)
    expect(textOf(await world.type('UOMAR', `cancel ${world.id}`))).toMatch(/Called off by omar/)
    expect(await world.store.ledger.writeSwitch()).toBeUndefined()
  })

  it('whose buttons are pressed when it has ended is not called off, nor what takes it back', async () => {
    const world = await begunList({ revertAfter: 'PT8H' })
    const running = world.touches[0]?.message
    if (!running) throw new Error('nothing was told')
    await world.callOff()
    expect(textOf(await world.press('UOMAR', running, 'Call off'))).toMatch(/too late to call it off/)
    expect(textOf(await world.press('UOMAR', running, 'Pause'))).toMatch(/it has ended/)
    const { state, revert } = await headerOf(world, world.id)
    expect([state, revert?.isCancelled]).toEqual(['PARTIAL', undefined])
    // What it gave is taken back later, and whoever presses is asked then who they are.
    expect(last(world)).toMatch(/\[Retry\]\n\[Extend by a day\]\n\[End now\]$/)
    const ended = world.touches.at(-1)?.message
    if (!ended) throw new Error('nothing was told')
    expect(textOf(await world.press('UVERA', ended, 'Retry'))).toMatch(/This is for operators/)
    const retry = await world.press('UOMAR', ended, 'Retry')
    expect(textOf(retry)).toMatch(/\?\n[\s\S]*Nothing has happened yet\.\n[\s\S]*\[Confirm\]\n\[Cancel\]/)
    expect(textOf(await world.type('UOLGA', `change ${world.id}`))).toMatch(/\[Retry\]/)
    await world.press('UOMAR', retry, 'Confirm')
    expect(textOf(await world.type('UOLGA', `retry ${world.id}`))).toMatch(/was asked for again by/)
    expect(textOf(await world.type('UOLGA', `change ${world.id}`))).toMatch(
      /Planned anew as:[\s\S]*\[End now\]/,
    )
    expect(textOf(await world.type('UOLGA', `change ${world.id}`))).not.toMatch(/\[Retry\]/)
  })

  it('says that writes are paused, and that its next part cannot be begun', async () => {
    const world = await begunList()
    await world.type('UABEL', 'pause Genesys is being moved')
    await world.goOn(1, 12_000)
    expect(last(world)).toMatch(/abel has paused writes since .*: Genesys is being moved/)
    await world.type('UABEL', 'resume')
    world.org.addFaults([
      { match: { method: 'POST', path: '/api/v2/license/users' }, do: { status: 503 }, times: 1_000 },
    ])
    world.clock.advance(5 * MINUTE_MS)
    await world.tick()
    await world.goOn(1, SECOND_MS)
    expect(last(world)).toMatch(
      /Its next part cannot be begun since 12:\d\d UTC\. It is tried again by itself/,
    )
  })
})

describe('results <id>', () => {
  it('counts what became of all, names ten people a page with what became of each, and says how to get the file', async () => {
    const world = await begunList()
    await world.callOff()
    const { id } = world
    const first = textOf(await world.type('UVERA', `results ${id}`))
    expect(first).toMatch(/done in part\n[\s\S]*done[\s\S]*not begun[\s\S]*People, 1 to 10:\n/)
    expect(first).toContain(`results ${id} 2`)
    expect(first).toContain(`Only what is not begun:`)
    expect(first).toContain(`npm run change -- results ${id} --out results.csv`)
    expect(first.match(/^(?:done|so already): give/gm)).toHaveLength(10)
    const lastPage = textOf(await world.type('UVERA', `results ${id} 20`))
    expect(lastPage).toMatch(/People, 191 to 200:\n/)
    expect(
      lastPage.match(/^not begun: give agentAssistLicense, give gcSTAupgrade, give wallboardUser$/gm),
    ).toHaveLength(10)
    expect(textOf(await world.type('UVERA', `results ${id} 21`))).toMatch(/People: none on page 21/)
    const left = textOf(await world.type('UVERA', `results ${id} not sent`))
    expect(left).toMatch(/of whom something is not\.sent, 1 to 10:\n[\s\S]*not begun: give/)
    expect(left).not.toMatch(/done: give/)
    expect(left).toContain(`results ${id} not.sent 2`)
    expect(textOf(await world.type('UVERA', `results ${id} conflict`))).toMatch(/conflict: none/)
    // A part leads to its list, which alone is undone.
    const part = textOf(await world.type('UOMAR', `change ${partIdOf(id, 0)}`))
    expect(part).toContain(`which is decided about as a whole: /license change ${id}`)
    expect(part).not.toMatch(/undo/i)

    const { entities } = await world.records().results(id, { limit: 500, outcome: 'applied' })
    const people = new Set(entities.map(({ userId }) => userId)).size
    const { value: undo } = await world.changes(keyed('undo')).undo(id, { confirmPeople: people })
    expect(textOf(await world.type('UOMAR', `change ${id}`))).toContain(
      undo.list ? `is being undone by ${undo.id}` : `has been undone since by ${undo.id}`,
    )
    await world.takeTurns()
    const undone = textOf(await world.type('UOMAR', `change ${id}`))
    expect(undone).toContain(`done in part, and has been undone since by ${undo.id}`)
    expect(undone).not.toContain('[Undo]')
    expect(textOf(await world.type('UVERA', 'changes'))).toContain(`has been undone since by ${undo.id}`)
  })
})

describe('a chat that fails', () => {
  const unreachable = () => {
    throw new TransportError('reset', 'the connection was reset', true)
  }

  it('for a while holds no list up: it is told when the chat is back, in one message', async () => {
    const chat = { isDown: true }
    const world = await begunList({
      slack: ({ post }) => ({
        post: async (to, said) => (chat.isDown ? unreachable() : await post(to, said)),
      }),
    })
    await world.goOn(3)
    expect(await headerOf(world, world.id)).toMatchObject({ state: 'RUNNING', list: { next: 3 } })
    expect([world.touches.length, world.undelivered.some(({ isLost }) => isLost)]).toEqual([0, false])
    chat.isDown = false
    await world.goOn(2, 3 * MINUTE_MS)
    expect(world.touches).toMatchObject([{ by: 'post' }])
    await world.finish()
    expect(world.touches.filter(({ by }) => by === 'post')).toHaveLength(1)
    expect(last(world)).toMatch(/done, and Genesys shows it/)
  })

  it('with its message is told the end in another', async () => {
    const world = await begunList({ slack: () => ({ update: async () => unreachable() }) })
    await world.callOff()
    expect(world.touches.map(({ by }) => by)).toEqual(['post', 'post'])
    expect(last(world)).toMatch(/done in part/)
    expect(world.undelivered.filter(({ isLost }) => isLost)).toEqual([])
  })

  it('altogether loses the end alone, which wakes somebody', async () => {
    const world = await begunList({ slack: () => ({ post: async () => false }) })
    await world.callOff()
    expect(world.undelivered.filter(({ isLost }) => isLost)).toHaveLength(1)
    expect((await headerOf(world, world.id)).state).toBe('PARTIAL')
  })

  it('because too much was asked of it is left alone for as long as it says', async () => {
    const tries: number[] = []
    let nowMs = () => 0
    const url = await startServer((request, response) => {
      const isUpdate = request.url === '/api/chat.update'
      if (isUpdate) tries.push(nowMs())
      const isRefused = isUpdate && tries.length === 1
      response.writeHead(isRefused ? 429 : 200, isRefused ? { 'retry-after': '40' } : {})
      response.end(JSON.stringify(isRefused ? { ok: false, error: 'ratelimited' } : TAKEN))
    })
    const real = slackApi({ transport: nodeTransport, loopbackOrigin: url, botToken: async () => 'xoxb-1' })
    const world = await begunList({ slack: () => ({ post: real.post, update: real.update }) })
    nowMs = world.clock.nowMs
    await world.goOn(PARTS - 1, 11_000)
    const [first = 0, second = 0] = tries
    expect(second - first).toBeGreaterThanOrEqual(40_000)
    await world.finish()
    expect(last(world)).toMatch(/done, and Genesys shows it/)
    expect(world.undelivered).toMatchObject([
      { isLost: false, tried: [expect.stringContaining('it takes no more for 40 s')] },
    ])
  })
})

describe('a message of which nobody noted where it stands, since a function died', () => {
  it.each([
    ['another comes after five minutes, and goes on to the end', 5 * MINUTE_MS, /^post post( update)+$/],
    ['the end is told in another, where it comes before that', 6 * SECOND_MS, /^post post$/],
  ])('stays as it was: %s', async (_, everyMs, touches) => {
    const notes = { fail: true }
    const world = await begunList({
      ledger: (inner) => ({
        ...inner,
        async addMessage(...noted) {
          if (notes.fail) throw new GatewayError('ledger.unavailable', 'DynamoDB does not answer')
          await inner.addMessage(...noted)
        },
      }),
    })
    await world.goOn(2)
    expect(world.touches).toMatchObject([{ by: 'post' }])
    notes.fail = false
    await world.goOn(1, everyMs)
    await world.callOff()
    expect(world.touches.map(({ by }) => by).join(' ')).toMatch(touches)
    expect(last(world)).toMatch(/done in part/)
  })
})
