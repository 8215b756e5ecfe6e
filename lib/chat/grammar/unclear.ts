/** What was typed cannot be read; the message is for the person who typed it. */
export class Unclear extends Error {
  override readonly name = 'Unclear'
  readonly didYouMean: string | undefined

  constructor(message: string, didYouMean?: string) {
    super(message)
    this.didYouMean = didYouMean
  }
}

/** Longest piece of what was typed that a message repeats: enough to find it again in the line. */
const MAX_SHOWN = 40

/** What was typed as a message may repeat it: short, and nothing in it that cannot be seen. */
export function shown(text: string): string {
  const visible = [...text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()]
  return `“${visible.length > MAX_SHOWN ? `${visible.slice(0, MAX_SHOWN - 1).join('')}…` : visible.join('')}”`
}
