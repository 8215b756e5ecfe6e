/** A Teams message with an adaptive card as Teams shows it, as far as the gateway's cards go. */
import * as z from 'zod/mini'
import type { SeenPart, Span } from '../seen.ts'

const Run = z.object({
  type: z.literal('TextRun'),
  text: z.string(),
  weight: z.optional(z.string()),
  size: z.optional(z.string()),
  isSubtle: z.optional(z.boolean()),
  fontType: z.optional(z.string()),
})
type Run = z.output<typeof Run>

const Card = z.object({
  type: z.literal('AdaptiveCard'),
  version: z.string(),
  body: z.array(z.object({ type: z.literal('RichTextBlock'), inlines: z.array(Run).check(z.minLength(1)) })),
  actions: z.optional(
    z.array(z.object({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() })),
  ),
})

/** What an outgoing webhook may be answered with, and a workflow posted: text, or one card. */
export const TeamsContent = z.object({
  type: z.literal('message'),
  text: z.optional(z.string()),
  attachments: z.optional(
    z.array(z.object({ contentType: z.literal('application/vnd.microsoft.card.adaptive'), content: Card })),
  ),
})

/** The first line of a card is its title; lines of code that follow each other are one block. */
export function seenOfTeams({ text, attachments = [] }: z.output<typeof TeamsContent>): {
  parts: SeenPart[]
} {
  const parts: SeenPart[] = text === undefined ? [] : [{ kind: 'text', spans: [{ text }] }]
  for (const { content } of attachments) {
    for (const { inlines } of content.body) add(parts, inlines)
    for (const { title, url } of content.actions ?? []) parts.push({ kind: 'note', text: `${title}: ${url}` })
  }
  return { parts }
}

function add(parts: SeenPart[], inlines: readonly Run[]): void {
  const line = inlines.map(({ text }) => text).join('')
  const last = parts.at(-1)
  if (inlines.every(({ size }) => size === 'Medium')) parts.push({ kind: 'heading', text: line })
  else if (inlines.every(({ isSubtle }) => isSubtle === true)) parts.push({ kind: 'note', text: line })
  else if (inlines.every(({ fontType }) => fontType === 'Monospace')) {
    if (last?.kind === 'code') parts[parts.length - 1] = { kind: 'code', text: `${last.text}\n${line}` }
    else parts.push({ kind: 'code', text: line })
  } else parts.push({ kind: 'text', spans: inlines.map(spanOf) })
}

function spanOf({ text, weight, isSubtle, fontType }: Run): Span {
  if (fontType === 'Monospace') return { text, style: 'code' }
  if (weight === 'Bolder') return { text, style: 'bold' }
  return isSubtle ? { text, style: 'subtle' } : { text }
}
