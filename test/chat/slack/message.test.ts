import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SlackBlock, slackMessageOf, slackReplacementOf } from '../../../lib/chat/slack/message.ts'
import { action, anyReply, hostile, plan, replyOf, textsIn, UNSEEN } from '../replies.ts'

type Mrkdwn = { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true }

function textObjects(blocks: readonly SlackBlock[]) {
  return blocks.flatMap((block) => {
    if (block.type === 'actions') return block.elements.map(({ text }) => text)
    if (block.type === 'context') return block.elements
    return 'fields' in block ? block.fields : [block.text]
  })
}

const mrkdwnIn = (blocks: readonly SlackBlock[]) =>
  textObjects(blocks).filter((text): text is Mrkdwn => text.type === 'mrkdwn')

/** What is left of mrkdwn where code, a fence and one bold name have taken their own signs away. */
function leftOver(text: string): string {
  if (text.startsWith('```\n') && text.endsWith('\n```'))
    return text.slice(4, -4).replaceAll(/[*_~]|&gt;|:[^\s:]+:/g, '')
  return text.replaceAll(/`[^`\n]*`/g, '').replace(/^\*([^*\n]+)\*(?=\n)/, '$1')
}

/** What acts in mrkdwn: a backtick, emphasis, a quote, an emoji, markup. */
const ACTS = /[`*_~<]|>|^&gt;|\n&gt;|:[a-z_]+:/

describe("a reply in Slack's blocks", () => {
  const message = slackMessageOf(plan)

  it('is header, parts and buttons in order', () => {
    expect(message.blocks.map(({ type }) => type)).toEqual([
      'header',
      'section',
      'section',
      'section',
      'context',
      'section',
      'context',
      'actions',
    ])
    expect(message).toMatchObject({ text: 'Give cloudCX3 to Ana Lima?', replace_original: false })
    expect(message.blocks[0]).toMatchObject({ text: { text: '❓ Give cloudCX3 to Ana Lima?' } })
  })

  it('leads to the page by a link of its own line, whose address ends nowhere early', () => {
    const onPage = { label: 'See <it> & more', hash: '#/changes/1' } as const
    const { blocks } = slackMessageOf({ ...plan, onPage }, 'https://a.example.com/?a&b/')
    expect(blocks.at(-2)).toEqual({
      type: 'context',
      elements: [
        {
          type: 'mrkdwn',
          text: '<https://a.example.com/?a&amp;b/#/changes/1|See &lt;it&gt; &amp; more>',
          verbatim: true,
        },
      ],
    })
    const full = { ...plan, onPage, parts: Array.from({ length: 60 }, () => plan.parts[0] ?? plan.parts[1]) }
    const parts = full.parts.filter((part) => part !== undefined)
    expect(slackMessageOf({ ...full, parts }, 'https://a.example.com/').blocks.length).toBeLessThanOrEqual(50)
    expect(slackMessageOf({ ...plan, onPage })).toEqual(slackMessageOf(plan))
  })

  it('shows facts as fields with their names in bold', () => {
    expect(message.blocks[2]).toMatchObject({
      fields: [
        { text: '*Who*\nAna Lima' },
        { text: '*License*\ncloudCX3' },
        { text: '*Before*\nnone' },
        { text: '*After*\ncloudCX3' },
      ],
    })
  })

  it('gives more than ten facts in sections of ten', () => {
    const facts = Array.from({ length: 23 }, (_, index) => ['Name', String(index)] as const)
    const { blocks } = slackMessageOf(replyOf({ kind: 'facts', facts }))
    expect(blocks.flatMap((block) => ('fields' in block ? [block.fields.length] : []))).toEqual([10, 10, 3])
  })

  it('says below what is too long for its header, whole', () => {
    const title = `Not Genesys but something before it answered: ${'look at the proxy '.repeat(9)}`.trim()
    const { blocks } = slackMessageOf({ ...replyOf(), title })
    expect(blocks[1]).toMatchObject({ type: 'section', text: { text: title } })
  })

  it('sets a narrow table in columns, and says what is left out and how to get it', () => {
    expect(message.blocks[3]).toMatchObject({
      text: { text: '```\nName      License\nAna Lima  cloudCX3\n```' },
    })
    expect(message.blocks[4]).toMatchObject({ elements: [{ text: '1 of 3 shown. The rest: who cloudCX3' }] })
  })

  it('keeps figures in columns on a phone beside a name that is too long for it, and counts by their last digits', () => {
    const rows = [
      ['cloudCX3', '██████████', '253/250 ▲3', '1'],
      ['predictiveEngagementLicense', '', '5', '12'],
      ['cxCloudSF', '███░░░░░░░', '12/40', '–'],
    ]
    const { blocks } = slackMessageOf(
      replyOf({ kind: 'table', headings: ['license', '', 'held', 'n'], rows }),
    )
    expect(textObjects(blocks)[1]?.text.split('\n')).toEqual([
      '```',
      'license                   held         n',
      'cloudCX3      ██████████  253/250 ▲3   1',
      'predictiveEngagementLicense',
      '                          5           12',
      'cxCloudSF     ███░░░░░░░  12/40        –',
      '```',
    ])
  })

  it('lists a table that is wider than a phone', () => {
    const rows = [['Ana Lima', 'ana.lima@example.com', 'cloudCX3, wallboardUser']]
    const { blocks } = slackMessageOf(
      replyOf({ kind: 'table', headings: ['Name', 'E-mail', 'Licenses'], rows }),
    )
    expect(blocks[1]).toMatchObject({
      text: {
        type: 'plain_text',
        text: 'Name · E-mail · Licenses\nAna Lima · ana.lima@example.com · cloudCX3, wallboardUser',
      },
    })
    expect(blocks).toHaveLength(2)
  })

  it('cuts a long table with a count', () => {
    const rows = Array.from({ length: 500 }, (_, index) => [`person${index}@example.com`, 'cloudCX3'])
    const { blocks } = slackMessageOf(
      replyOf({ kind: 'table', headings: ['E-mail', 'License'], rows, rest: 'GET /v1/users' }),
    )
    const [, table, rest] = textObjects(blocks)
    const shown = (table?.text.match(/person/g) ?? []).length
    expect(shown).toBeGreaterThan(50)
    expect(rest?.text).toBe(`${shown} of 500 shown. The rest: GET /v1/users`)
  })

  it('says of an empty table that there is none', () => {
    const { blocks } = slackMessageOf(replyOf({ kind: 'table', headings: ['Name', 'License'], rows: [] }))
    expect(textsIn(blocks)).toContain('None.')
  })

  it('carries the action in each button, and a style where it has one', () => {
    expect(message.blocks.at(-1)).toMatchObject({
      elements: [
        { text: { type: 'plain_text', text: 'Confirm' }, style: 'primary', value: JSON.stringify(action) },
        { text: { text: 'Cancel' }, style: 'danger' },
        { text: { text: 'Later' } },
      ],
    })
    const [actions] = message.blocks.slice(-1)
    const elements = actions?.type === 'actions' ? actions.elements : []
    expect(new Set(elements.map(({ action_id }) => action_id)).size).toBe(3)
    expect(elements[2]?.style).toBeUndefined()
  })

  it('is for the person alone where it is private', () => {
    expect(slackMessageOf({ ...plan, isPrivate: true }).response_type).toBe('ephemeral')
    expect(message.response_type).toBe('in_channel')
  })

  it('takes the place of the message whose button was pressed', () => {
    expect(slackReplacementOf(plan)).toEqual({ ...message, replace_original: true })
  })

  it('keeps the buttons however many parts there are, and counts the parts left out', () => {
    const parts = Array.from({ length: 80 }, () => ({ kind: 'text', text: 'x' }) as const)
    const { blocks } = slackMessageOf({ ...plan, parts })
    expect(blocks).toHaveLength(50)
    expect(blocks.at(-1)?.type).toBe('actions')
    expect(blocks.at(-2)).toMatchObject({ elements: [{ text: '… 33 more parts' }] })
  })

  it('cuts a long text with a count, and halves neither an escape nor a character', () => {
    const [, ampersands, faces] = textObjects(
      slackMessageOf(
        replyOf({ kind: 'text', text: '&'.repeat(4_000) }, { kind: 'text', text: '😀'.repeat(4_000) }),
      ).blocks,
    )
    expect(ampersands?.text).toMatch(/^(&amp;)+… \(\d+ more\)$/)
    expect(faces?.text).toMatch(/^(😀)+… \(\d+ more\)$/u)
    const kept = (faces?.text.match(/😀/gu) ?? []).length
    expect(faces?.text).toContain(`(${4_000 - kept} more)`)
  })
})

describe("anybody's text in Slack", () => {
  it.each(hostile)('does nothing, wherever it stands: %j (B20, H36, L23)', (text) => {
    const { blocks } = slackMessageOf({
      title: text,
      tone: 'bad',
      isPrivate: false,
      parts: [
        { kind: 'text', text },
        { kind: 'note', text },
        { kind: 'command', lines: [text] },
        { kind: 'facts', facts: [[text, text]] },
        { kind: 'table', headings: [text], rows: [[text]], total: 9, rest: text },
      ],
      buttons: [{ label: text, style: 'plain', action }],
    })
    for (const { text: shown } of textObjects(blocks)) {
      expect(shown).not.toMatch(/[<>]/)
      expect(shown).not.toMatch(UNSEEN)
    }
    for (const each of mrkdwnIn(blocks)) {
      expect(leftOver(each.text)).not.toMatch(ACTS)
      expect(each.verbatim).toBe(true)
    }
  })

  it('is shown as code where it would be emphasis, and else as it is', () => {
    const fact = (value: string) => {
      const [, block] = slackMessageOf(replyOf({ kind: 'facts', facts: [['Name', value]] })).blocks
      return block && 'fields' in block ? block.fields[0]?.text : undefined
    }
    expect(fact('wall_boards')).toBe('*Name*\n`wall_boards`')
    expect(fact('a`b*c')).toBe('*Name*\n`a´b*c`')
    expect(fact('R&D <new>')).toBe('*Name*\nR&amp;D &lt;new&gt;')
    expect(fact('09:30 (Europe/Lisbon)')).toBe('*Name*\n09:30 (Europe/Lisbon)')
    expect(fact('a\nApproved by\tBob')).toBe('*Name*\na Approved by Bob')
    expect(fact('')).toBe('*Name*\n–')
  })

  it('keeps every limit of Slack, and acts nowhere, in any reply', () => {
    fc.assert(
      fc.property(anyReply, (reply) => {
        const message = slackMessageOf(reply)
        const { blocks } = message
        expect(JSON.parse(JSON.stringify(message))).toEqual(message)
        expect(JSON.stringify(message)).not.toMatch(/[<>]/)
        expect(message.text.length).toBeLessThanOrEqual(3_000)
        expect(blocks.length).toBeLessThanOrEqual(50)
        for (const block of blocks) {
          if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150)
          if ('fields' in block) {
            expect(block.fields.length).toBeLessThanOrEqual(10)
            for (const { text } of block.fields) expect(text.length).toBeLessThanOrEqual(2_000)
          }
          if (block.type === 'actions') {
            expect(block.elements.length).toBeLessThanOrEqual(25)
            for (const { text, value } of block.elements) {
              expect(text.text.length).toBeLessThanOrEqual(75)
              expect(value.length).toBeLessThanOrEqual(2_000)
            }
          }
        }
        for (const { text } of textObjects(blocks)) {
          expect(text.length).toBeGreaterThan(0)
          expect(text.length).toBeLessThanOrEqual(3_000)
          expect(text).not.toMatch(UNSEEN)
          expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/)
        }
        for (const { text } of mrkdwnIn(blocks)) expect(leftOver(text)).not.toMatch(ACTS)
      }),
      { numRuns: 150 },
    )
  })
})
