/**
 * Whether an IAM resource pattern can match some request to a route. In a pattern `*` is any text, `/` included; in
 * a route `{name}` is one segment, at least one character other than `/`.
 */
export function reaches(pattern: string, route: string): boolean {
  const tokens = tokensOf(route)
  const seen = new Set<string>()
  const walk = (at: number, token: number): boolean => {
    const place = `${at}:${token}`
    if (seen.has(place)) return false
    seen.add(place)
    const wanted = tokens[token]
    if (at === pattern.length) return wanted === undefined
    if (pattern[at] === '*') return walk(at + 1, token) || (wanted !== undefined && walk(at, token + 1))
    if (wanted === PARAMETER) return pattern[at] !== '/' && (walk(at + 1, token) || walk(at + 1, token + 1))
    return wanted === pattern[at] && walk(at + 1, token + 1)
  }
  return walk(0, 0)
}

const PARAMETER = Symbol('one segment')

type Token = string | typeof PARAMETER

function tokensOf(route: string): readonly Token[] {
  return route
    .split(/(\{[^}]+\})/)
    .flatMap((part): Token[] => (part.startsWith('{') ? [PARAMETER] : [...part]))
}
