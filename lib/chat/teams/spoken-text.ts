/** What a person said to the webhook in Teams: the message's text without the webhook's own name and the markup. */
import { cut, oneLine } from '../reply.ts'

export interface Mention {
  /** As it stands in the text: `<at>Ana Lima</at>`. */
  readonly text: string
  readonly id: string
  readonly aadObjectId?: string | undefined
}

export interface Spoken {
  /** One line. A person mentioned is `@{aadObjectId}`, braces included. */
  readonly text: string
  /** Somebody was mentioned and Teams does not say who: a sentence for the person, who is to say it otherwise. */
  readonly unclear?: string
}

/** Names of two people can be alike, and one can read like a command: a mention counts by its id or not at all. */
const MENTION = /<at(?:\s[^<>]*)?>([^<>]*)<\/at>/gi
const TAG = /<\/?[a-z][^<>]*>/gi
const ENTITY = /&(?:nbsp|amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-f]{1,6});/gi

/** Longest name said back, in characters. */
const MAX_NAME_LENGTH = 64

/** How ids of bots and webhooks begin, and those of people. Source: Bot Framework's ids on Teams. */
const BOT = '28:'
const PERSON = '29:'

/**
 * @param mentions the activity's own list, in the text's order.
 * @param ownId the webhook's id where the activity names a recipient.
 */
export function spokenText(text: string, mentions: readonly Mention[], ownId: string | undefined): Spoken {
  const left = [...mentions]
  const strangers: string[] = []
  const replaced = text.replace(MENTION, (span: string, name: string, at: number) => {
    const index = left.findIndex((mention) => mention.text === span)
    const [mention] = index === -1 ? [] : left.splice(index, 1)
    if (isOwn(mention, ownId)) return ' '
    if (mention?.aadObjectId !== undefined) return ` @{${mention.aadObjectId}} `
    // Where the list does not tell, the name before all words is the webhook's: that is how one speaks to it.
    if (!mention?.id.startsWith(PERSON) && isBlank(text.slice(0, at))) return ' '
    strangers.push(cut(oneLine(decoded(name)), MAX_NAME_LENGTH))
    return ' '
  })
  const spoken = { text: oneLine(decoded(replaced.replace(TAG, ' '))) }
  const [stranger] = strangers
  if (stranger === undefined) return spoken
  return { ...spoken, unclear: `Teams does not say who @${stranger} is. Name people by e-mail instead.` }
}

function isOwn(mention: Mention | undefined, ownId: string | undefined): boolean {
  return mention !== undefined && (mention.id.startsWith(BOT) || mention.id === ownId)
}

function isBlank(markup: string): boolean {
  return decoded(markup.replace(TAG, '')).trim() === ''
}

const named: Readonly<Record<string, string>> = {
  '&nbsp;': ' ',
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
}

/** Each entity is read once, so `&amp;lt;` is `&lt;`. */
function decoded(text: string): string {
  return text.replace(ENTITY, (entity) => {
    const known = named[entity.toLowerCase()]
    if (known !== undefined) return known
    const code = Number(entity.slice(2, -1).replace(/^x/i, '0x'))
    return code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}
