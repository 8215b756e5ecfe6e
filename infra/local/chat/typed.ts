const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/**
 * What was typed as both platforms send it on: markup's characters escaped, and each `@name` replaced by markup.
 *
 * @param mention undefined for a name that is nobody's, which stays as it was typed.
 */
export function markedUp(text: string, mention: (name: string) => string | undefined): string {
  return text
    .replace(/[&<>]/g, (char) => escapes[char] ?? char)
    .replace(/(^|[\s,;])@([\w.-]+)/g, (whole, before: string, name: string) => {
      const markup = mention(name)
      return markup === undefined ? whole : before + markup
    })
}
