/**
 * JSON from elsewhere, before a schema looks at it. JSON.parse's own error quotes the text that it stumbles over, which
 * may be a secret or somebody's words, so it is not handed on.
 *
 * @returns undefined for what is no JSON, which has no such value.
 */
export function jsonOf(text: string | Buffer | undefined): unknown {
  try {
    return JSON.parse(String(text ?? ''))
  } catch {
    return undefined
  }
}
