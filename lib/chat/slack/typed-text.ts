/** What Slack puts between angle brackets, or one of the three characters that it escapes. Neither can be nested. */
const MARKUP = /<([^<>]*)>|&(amp|lt|gt);/g
const ESCAPED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' }
const MENTION = /^@([A-Za-z0-9]{1,64})$/

/**
 * A slash command's text as the person typed it, mentions as `@{id}`. Each escaped is undone once, so that nothing typed
 * as text turns into a mention or a link.
 *
 * Source: https://api.slack.com/reference/surfaces/formatting (for commands with "escaped channels, users, and links" switched on)
 */
export function readSlackText(text: string): string {
  return text.replace(MARKUP, (whole, inner: string | undefined, name: string | undefined) =>
    inner === undefined ? (ESCAPED[name ?? ''] ?? whole) : readMarkup(inner),
  )
}

function readMarkup(inner: string): string {
  const bar = inner.indexOf('|')
  const target = unescapeEntities(bar < 0 ? inner : inner.slice(0, bar))
  const label = bar < 0 ? undefined : unescapeEntities(inner.slice(bar + 1))
  const mention = MENTION.exec(target)?.[1]
  if (mention !== undefined) return `@{${mention}}`
  if (target.startsWith('#')) return label ? `#${label}` : target
  if (target.startsWith('!')) return label || `@${target.slice(1)}`
  if (/^mailto:/i.test(target)) return target.slice('mailto:'.length).split('?', 1)[0] ?? ''
  if (/^tel:/i.test(target)) return target.slice('tel:'.length)
  // Slack makes a link of whatever looks like a host, a feature's name with dots in it included.
  const isMadeBySlack =
    label !== undefined && target.replace(/^https?:\/\//i, '').replace(/\/$/, '') === label
  if (isMadeBySlack) return label
  return /^[a-z][a-z0-9+.-]{0,31}:/i.test(target) ? target : `<${unescapeEntities(inner)}>`
}

function unescapeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (whole, name: string) => ESCAPED[name] ?? whole)
}
