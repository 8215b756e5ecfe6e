/** In which of its forms the page goes out, by Accept-Encoding (RFC 9110, 12.5.3). */

/** The smallest first: where several are liked as much, that is the one. */
export const contentCodings = ['br', 'gzip', 'identity'] as const
export type ContentCoding = (typeof contentCodings)[number]

/** More are not looked at: browsers send half a dozen. */
const MAX_CODINGS = 50

const CODING = /^\s*([!#$%&'*+.^_`|~0-9a-z-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*$/i

/**
 * @param accepted the header; undefined where there was none.
 * @returns `identity` where nothing else is wanted, also where that is not wanted either: every browser can read it.
 */
export function chooseCoding(accepted: string | undefined): ContentCoding {
  const qualities = new Map<string, number>()
  for (const each of (accepted ?? '').split(',', MAX_CODINGS)) {
    const [, name, quality = '1'] = CODING.exec(each) ?? []
    if (name !== undefined) qualities.set(name.toLowerCase(), Number(quality))
  }
  const qualityOf = (coding: ContentCoding) => {
    // What is not named is as good as the rest, but for the form that is always taken unless it is refused.
    const named = qualities.get(coding) ?? qualities.get('*')
    return named ?? (coding === 'identity' ? Number.MIN_VALUE : 0)
  }
  let best: ContentCoding = 'identity'
  for (const coding of [...contentCodings].reverse()) {
    const quality = qualityOf(coding)
    if (quality > 0 && quality >= qualityOf(best)) best = coding
  }
  return best
}
