import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { teamsCardOf, teamsPostOf } from '../../../lib/chat/teams/card.ts'
import { action, anyReply, hostile, plan, replyOf, textsIn, UNSEEN } from '../replies.ts'

type Message = ReturnType<typeof teamsCardOf>

function cardIn({ attachments }: Message) {
  const [attachment] = attachments
  if (!attachment) throw new Error('no card')
  return attachment.content
}

const linesIn = (message: Message) =>
  cardIn(message).body.map(({ inlines }) => inlines.map(({ text }) => text).join(''))

describe('a reply as a card of Teams', () => {
  it('is one Adaptive Card in a message', () => {
    expect(teamsCardOf(plan)).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: { type: 'AdaptiveCard', version: '1.4', fallbackText: plan.title },
        },
      ],
    })
  })

  it('is the same for a channel, wrapped as Workflows takes it', () => {
    const [attachment] = teamsPostOf(plan).attachments
    expect(attachment).toEqual({ ...teamsCardOf(plan).attachments[0], contentUrl: null })
  })

  it('leads to the page by the one kind of button that works in an answer', () => {
    const onPage = { label: 'See it', hash: '#/changes/1' } as const
    for (const cardOf of [teamsCardOf, teamsPostOf]) {
      expect(cardIn(cardOf({ ...plan, onPage }, 'https://a.example.com/')).actions).toEqual([
        { type: 'Action.OpenUrl', title: 'See it', url: 'https://a.example.com/#/changes/1' },
      ])
      expect(cardIn(cardOf({ ...plan, onPage })).actions).toBeUndefined()
      expect(cardIn(cardOf(plan, 'https://a.example.com/')).actions).toBeUndefined()
    }
  })

  it('says everything in order, and in words what its buttons would do', () => {
    expect(linesIn(teamsCardOf(plan))).toEqual([
      'Give cloudCX3 to Ana Lima?',
      'Nothing has happened yet.',
      'Who: Ana Lima',
      'License: cloudCX3',
      'Before: none',
      'After: cloudCX3',
      'Name · License',
      'Ana Lima · cloudCX3',
      '1 of 3 shown. The rest: who cloudCX3',
      '@license change 0123456789abcdefghjk',
      '@license help',
      'Change 0123456789abcdefghjk',
      `To apply or cancel or reject it: type “/license change ${action.changeId}” in Slack, or use the gateway’s API (apply names the digest ${action.digest})`,
    ])
  })

  it('says below what is too long for its title, whole', () => {
    const title = `Not Genesys but something before it answered: ${'look at the proxy '.repeat(12)}`.trim()
    const { body } = cardIn(teamsCardOf({ ...plan, title }))
    expect(body[1]?.inlines.map(({ text }) => text)).toEqual([title])
  })

  it('has runs of text alone: nothing that knows Markdown, and no action', () => {
    for (const { type, inlines } of cardIn(teamsCardOf(plan)).body) {
      expect(type).toBe('RichTextBlock')
      for (const run of inlines) expect(run.type).toBe('TextRun')
    }
    expect(cardIn(teamsCardOf(plan))).not.toHaveProperty('actions')
  })

  it('cuts a long table with a count, below 28 kB', () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => [
      `Person ${index}`,
      `person${index}@example.com`,
    ])
    const message = teamsCardOf(
      replyOf({ kind: 'table', headings: ['Name', 'E-mail'], rows, rest: 'GET /v1/users' }),
    )
    const lines = linesIn(message)
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(28_000)
    expect(lines.length).toBeGreaterThan(100)
    expect(lines.at(-1)).toBe(`${lines.length - 3} of 2000 shown. The rest: GET /v1/users`)
  })

  it('has figures in columns before the names, and nothing where nothing is known', () => {
    const rows = [
      ['cloudCX3', '██████████', '253/250 ▲3'],
      ['predictiveEngagementLicense', '', '5'],
    ]
    const message = teamsCardOf(replyOf({ kind: 'table', headings: ['license', '', 'held'], rows }))
    expect(linesIn(message).map((line) => line.replaceAll('\u00a0', ' '))).toEqual([
      'T',
      '            held        license',
      '██████████  253/250 ▲3  cloudCX3',
      '            5           predictiveEngagementLicense',
    ])
    expect(cardIn(message).body[3]?.inlines).toMatchObject([{ fontType: 'Monospace' }, { weight: 'Bolder' }])
    const words = replyOf({ kind: 'table', headings: ['license', 'needs'], rows: [['cx1', '']] })
    expect(linesIn(teamsCardOf(words)).at(-1)).toBe('cx1')
  })

  it('says of an empty table that there is none', () => {
    expect(linesIn(teamsCardOf(replyOf({ kind: 'table', headings: ['Name'], rows: [] })))).toEqual([
      'T',
      'Name',
      'None.',
    ])
  })
})

describe("anybody's text in Teams", () => {
  it.each(hostile)('does nothing, wherever it stands: %j (B20, H36, L23)', (text) => {
    const message = teamsPostOf({
      title: text,
      tone: 'warning',
      isPrivate: false,
      parts: [
        { kind: 'text', text },
        { kind: 'note', text },
        { kind: 'command', lines: [text] },
        { kind: 'facts', facts: [[text, text]] },
        { kind: 'table', headings: [text], rows: [[text, text]], total: 9, rest: text },
      ],
      buttons: [{ label: text, style: 'plain', action }],
    })
    for (const shown of textsIn(message)) {
      expect(shown).not.toMatch(/[<>]|\{\{/)
      expect(shown).not.toMatch(UNSEEN)
      expect(shown).not.toMatch(/\n/)
    }
  })

  it('keeps below 28 kB in any reply, and is JSON in which nothing acts', () => {
    fc.assert(
      fc.property(anyReply, (reply) => {
        const message = teamsPostOf(reply)
        const json = JSON.stringify(message)
        expect(Buffer.byteLength(json)).toBeLessThan(28_000)
        expect(JSON.parse(json)).toEqual(message)
        expect(json).not.toMatch(/[<>]/)
        for (const text of textsIn(message)) {
          expect(text).not.toMatch(/\{\{/)
          expect(text).not.toMatch(UNSEEN)
        }
        for (const { inlines } of cardIn(message).body) {
          for (const { text } of inlines) expect(text).not.toBe('')
        }
      }),
      { numRuns: 150 },
    )
  })
})
