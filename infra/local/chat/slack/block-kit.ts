/** Slack's message as Slack shows it. What Slack would refuse is refused here: limits and forms are those of its reference. */
import * as z from 'zod/mini'
import type { Pressable } from '../messages.ts'
import type { SeenPart, Span } from '../seen.ts'

/** Source of all limits: docs.slack.dev, "Block Kit reference". Characters, and counts of elements. */
const text = (max: number) =>
  z.object({
    type: z.enum(['plain_text', 'mrkdwn']),
    text: z.string().check(z.minLength(1), z.maxLength(max)),
  })
const plainText = (max: number) => z.extend(text(max), { type: z.literal('plain_text') })
type Text = z.output<ReturnType<typeof text>>

const Button = z.object({
  type: z.literal('button'),
  action_id: z.string().check(z.minLength(1), z.maxLength(255)),
  text: plainText(75),
  value: z.string().check(z.maxLength(2_000)),
  style: z.optional(z.enum(['primary', 'danger'])),
})

const Block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('header'), text: plainText(150) }),
  z.object({
    type: z.literal('section'),
    text: z.optional(text(3_000)),
    fields: z.optional(z.array(text(2_000)).check(z.minLength(1), z.maxLength(10))),
  }),
  z.object({
    type: z.literal('context'),
    elements: z.array(text(3_000)).check(z.minLength(1), z.maxLength(10)),
  }),
  z.object({ type: z.literal('actions'), elements: z.array(Button).check(z.minLength(1), z.maxLength(25)) }),
])
type Block = z.output<typeof Block>

/** What Slack takes as a message; `text` alone shows where there are no blocks. */
export const SlackContent = z.object({
  text: z.optional(z.string().check(z.maxLength(40_000))),
  blocks: z.optional(z.array(Block).check(z.maxLength(50))),
})

export function seenOfSlack({ text: fallback = '', blocks = [] }: z.output<typeof SlackContent>): {
  parts: SeenPart[]
  buttons: Pressable[]
} {
  if (blocks.length === 0) return { parts: [{ kind: 'text', spans: spansOf(fallback) }], buttons: [] }
  return { parts: blocks.flatMap(partsOf), buttons: blocks.flatMap(buttonsOf) }
}

function partsOf(block: Block): SeenPart[] {
  switch (block.type) {
    case 'header':
      return [{ kind: 'heading', text: decoded(block.text.text) }]
    case 'context':
      return block.elements.map((element) => ({
        kind: 'note',
        text: spansIn(element)
          .map(({ text: t }) => t)
          .join(''),
      }))
    case 'section':
      return [
        ...(block.text ? sectionParts(block.text) : []),
        ...(block.fields ? [{ kind: 'fields', fields: block.fields.map(fieldOf) } as const] : []),
      ]
    case 'actions':
      return []
  }
}

const FENCE = /^```\n([\s\S]*?)\n?```$/

function sectionParts(given: Text): SeenPart[] {
  const [, code] = (given.type === 'mrkdwn' && FENCE.exec(given.text)) || []
  if (code !== undefined) return [{ kind: 'code', text: decoded(code) }]
  return [{ kind: 'text', spans: spansIn(given) }]
}

/** The gateway writes a field as its name on one line and the value below. */
function fieldOf(given: Text) {
  const [name = '', ...value] = given.text.split('\n')
  const read = (each: string) => spansIn({ ...given, text: each })
  return {
    name: read(name)
      .map(({ text: t }) => t)
      .join(''),
    value: read(value.join('\n')),
  }
}

function buttonsOf(block: Block): Pressable[] {
  if (block.type !== 'actions') return []
  return block.elements.map(({ text: label, style, value }) => ({
    label: decoded(label.text),
    style: style ?? 'plain',
    value,
  }))
}

function spansIn(given: Text): Span[] {
  return given.type === 'mrkdwn' ? spansOf(given.text) : [{ text: decoded(given.text) }]
}

/** Where nothing can be pressed a link is its words and its address. */
const LINK = /<(https?:[^<>|]+)\|([^<>|]+)>/g

/** Of mrkdwn what the gateway writes: links, bold and code. */
function spansOf(mrkdwn: string): Span[] {
  return mrkdwn
    .replace(LINK, '$2: $1')
    .split(/(\*[^*\n]+\*|`[^`\n]+`)/)
    .filter((piece) => piece !== '')
    .map((piece): Span => {
      if (/^\*[^*\n]+\*$/.test(piece)) return { text: decoded(piece.slice(1, -1)), style: 'bold' }
      if (/^`[^`\n]+`$/.test(piece)) return { text: decoded(piece.slice(1, -1)), style: 'code' }
      return { text: decoded(piece) }
    })
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

function decoded(escaped: string): string {
  return escaped.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity)
}
