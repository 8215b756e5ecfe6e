/** Which of the media types that an operation answers with a caller wants, by Accept (RFC 9110, 12.5.1). */
import { GatewayError } from '../../errors.ts'

/** One range of Accept, such as `text/*;q=0.8`. */
interface MediaRange {
  readonly type: string
  readonly subtype: string
  /** From 0, never, to 1. */
  readonly quality: number
}

const RANGE = /^\s*([!#$%&'*+.^_`|~0-9a-z-]+)\/([!#$%&'*+.^_`|~0-9a-z-]+)\s*(.*)$/is
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

/** What we have of a parameter that tells forms of one type apart; others tell nothing apart here, and are passed over. */
const SENT: ReadonlyMap<string, string> = new Map([
  ['charset', 'utf-8'],
  ['header', 'present'],
])

/** More are not looked at: browsers send a dozen. */
const MAX_RANGES = 100

/**
 * @param accept the header; undefined where there was none.
 * @param offered the first is what is preferred where the caller likes several as much.
 * @throws GatewayError `not.acceptable` where none of them is wanted.
 */
export function chooseMedia<T extends string>(accept: string | undefined, offered: readonly T[]): T {
  const [usual] = offered
  if (usual !== undefined && (accept === undefined || accept.trim() === '')) return usual
  const ranges = (accept ?? '')
    .split(',', MAX_RANGES)
    .map(rangeOf)
    .filter((range) => range !== undefined)
  let best: { readonly media: T; readonly quality: number } | undefined
  for (const media of offered) {
    const quality = qualityOf(media, ranges)
    if (quality > (best?.quality ?? 0)) best = { media, quality }
  }
  if (best) return best.media
  throw new GatewayError(
    'not.acceptable',
    `This operation answers with ${offered.join(', ')}: name one of them in Accept`,
    {
      faults: [
        {
          fieldName: 'accept',
          errorCode: 'NOT_ACCEPTABLE',
          message: `must name one of ${offered.join(', ')}`,
        },
      ],
    },
  )
}

/** A range that cannot be read, or is of a form that there is not, wants nothing. */
function rangeOf(text: string): MediaRange | undefined {
  const [, type, subtype, parameters = ''] = RANGE.exec(text) ?? []
  if (type === undefined || subtype === undefined) return undefined
  let quality = '1'
  for (const parameter of parameters.split(';')) {
    const [name = '', given = ''] = parameter.split('=').map((each) => each.trim().toLowerCase())
    if (name === 'q') {
      if (!QUALITY.test(given)) return undefined
      quality = given
    }
    const sent = SENT.get(name)
    if (sent !== undefined && given.replaceAll('"', '') !== sent) return undefined
  }
  return { type: type.toLowerCase(), subtype: subtype.toLowerCase(), quality: Number(quality) }
}

/** That of the range which says most about it. */
function qualityOf(media: string, ranges: readonly MediaRange[]): number {
  const [type, subtype] = media.split('/')
  const exact = ranges.filter((range) => range.type === type && range.subtype === subtype)
  const ofType = ranges.filter((range) => range.type === type && range.subtype === '*')
  const ofAll = ranges.filter((range) => range.type === '*' && range.subtype === '*')
  const found = [exact, ofType, ofAll].find(({ length }) => length > 0) ?? []
  return Math.max(0, ...found.map(({ quality }) => quality))
}
