/**
 * What a person said to the webhook in Teams: the message's text without the webhook's own name and the markup. Enters
 * the HTML that Teams makes of a message, leaves one line of words as the person saw it.
 */
import { Parser } from 'htmlparser2'
import { cut, oneLine } from '../conversation/words/reply.ts'

export interface Mention {
  /** As it stands in the text: `<at>Ana Lima</at>`. */
  readonly text: string
  readonly id: string
  readonly aadObjectId?: string | undefined
}

export interface TeamsMessage {
  readonly html: string
  /** The activity's own list, in the text's order. */
  readonly mentions: readonly Mention[]
  /** The webhook's id where the activity names a recipient. */
  readonly ownId: string | undefined
}

export interface TeamsText {
  /** One line. A person mentioned is `@{aadObjectId}`, braces included. */
  readonly text: string
  /** Somebody was mentioned and Teams does not say who: a sentence for the person; the text is then not to be run. */
  readonly unclear?: string | undefined
  /** Words that were struck out, and are not in the text. */
  readonly struck?: string | undefined
}

/** Longest name and longest struck text said back, in characters. */
const MAX_SAID_BACK = 64

/** How ids of bots and webhooks begin, and those of people. Source: Bot Framework's ids on Teams. */
const BOT = '28:'
const PERSON = '29:'

/** What begins a line of its own; words on both sides of any other tag are one word, as they are seen. */
const BLOCKS = new Set(
  'address article aside blockquote br dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
)
const STRIKES = new Set(['s', 'strike', 'del'])

/** Nobody sees what is in these. */
const UNSEEN = new Set(['script', 'style', 'title', 'template'])

/** Blanks of any kind, line ends and what no keyboard types; the byte order mark is a blank to JavaScript alone. */
const BLANKS = /(?:(?!\ufeff)\s|\p{Cc})+/gu

const AT = /^<at(?:\s[^<>]*)?>(.*)<\/at>$/is

/** What is invisible is handed on as it is: the grammar says what is wrong with it. */
export function readTeamsText({ html, mentions, ownId }: TeamsMessage): TeamsText {
  const heard = new Hearing(mentions, ownId)
  /** Of each tag that is open; the parser closes whatever it has told of as open, and in order. */
  const open: { readonly name: string; readonly isStruck: boolean; readonly end: number }[] = []
  const parser: Parser = new Parser({
    onopentag(name, { style = '' }) {
      const isStruck = STRIKES.has(name) || /line-through/i.test(style)
      open.push({ name, isStruck, end: parser.endIndex + 1 })
      heard.enter(name, isStruck)
    },
    onclosetag(name) {
      const tag = open.pop()
      if (tag) heard.leave(name, tag.isStruck, html.slice(tag.end, parser.startIndex))
    },
    ontext: (text) => heard.hear(text),
  })
  parser.end(html)
  return heard.spoken()
}

class Hearing {
  readonly #ownId: string | undefined
  /** By what stands between the tags; the next is the last. */
  readonly #mentions = new Map<string, Mention[]>()
  readonly #words: string[] = []
  readonly #struck: string[] = []
  /** Each by the parts of a name. */
  readonly #strangers: string[][] = []
  #struckDepth = 0
  #unseenDepth = 0
  #mentionDepth = 0
  /** What stands in the mention that is open. */
  #name = ''
  /** Whose mention came last with nothing but blanks since: Teams splits the name of one person into mentions. */
  #last: string | undefined
  #hasWords = false

  constructor(mentions: readonly Mention[], ownId: string | undefined) {
    this.#ownId = ownId
    for (const mention of mentions.toReversed()) {
      const inner = AT.exec(mention.text)?.[1] ?? mention.text
      const alike = this.#mentions.get(inner)
      if (alike) alike.push(mention)
      else this.#mentions.set(inner, [mention])
    }
  }

  enter(name: string, isStruck: boolean): void {
    if (isStruck) this.#struckDepth += 1
    if (UNSEEN.has(name)) this.#unseenDepth += 1
    if (name === 'at') this.#mentionDepth += 1
    this.#end(name)
  }

  leave(name: string, isStruck: boolean, inner: string): void {
    this.#end(name)
    if (name === 'at') {
      this.#mentionDepth -= 1
      if (this.#mentionDepth === 0) this.#mention(inner)
    }
    if (UNSEEN.has(name)) this.#unseenDepth -= 1
    if (isStruck) this.#struckDepth -= 1
  }

  hear(text: string): void {
    if (this.#unseenDepth > 0) return
    if (this.#mentionDepth > 0) this.#name += text
    else if (this.#struckDepth > 0) this.#struck.push(text)
    else {
      this.#words.push(text)
      if (text.replace(BLANKS, '') === '') return
      this.#hasWords = true
      this.#last = undefined
    }
  }

  spoken(): TeamsText {
    const text = this.#words.join('').toWellFormed().replace(BLANKS, ' ').trim()
    const struck = oneLine(this.#struck.join(''))
    const [stranger] = this.#strangers
    const name = stranger && cut(oneLine(stranger.join(' ')), MAX_SAID_BACK)
    return {
      text,
      unclear:
        name === undefined ? undefined : `Teams does not say who @${name} is. Name people by e-mail instead.`,
      struck: struck === '' ? undefined : cut(struck, MAX_SAID_BACK),
    }
  }

  /** Where a line of its own begins or ends, so does a word. */
  #end(name: string): void {
    if (BLOCKS.has(name)) this.hear(' ')
  }

  /** Names of two people can be alike, and one can read like a command: a mention counts by its id or not at all. */
  #mention(inner: string): void {
    const name = this.#name
    this.#name = ''
    const mention = this.#mentions.get(inner)?.pop()
    const isFirst = !this.#hasWords
    if (isOwn(mention, this.#ownId)) {
      this.#words.push(' ')
      return
    }
    if (this.#struckDepth > 0) {
      this.#struck.push(`@${name}`)
      return
    }
    this.#hasWords = true
    const whose = mention?.aadObjectId ?? mention?.id
    const isNextPart = whose !== undefined && whose === this.#last
    this.#last = whose
    if (mention?.aadObjectId !== undefined) {
      if (!isNextPart) this.#words.push(` @{${mention.aadObjectId}} `)
      return
    }
    this.#words.push(' ')
    // Where the list does not tell, the name before all words is the webhook's: that is how one speaks to it.
    if (isFirst && !mention?.id.startsWith(PERSON)) return
    if (isNextPart) this.#strangers.at(-1)?.push(name)
    else this.#strangers.push([name])
  }
}

function isOwn(mention: Mention | undefined, ownId: string | undefined): boolean {
  return mention !== undefined && (mention.id.startsWith(BOT) || mention.id === ownId)
}
