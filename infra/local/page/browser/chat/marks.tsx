/**
 * The signs that messages begin with, drawn by the page: as characters they need a font of emoji, which not every machine
 * has, and would be empty boxes there.
 */

interface Mark {
  /** What it says to those who hear the page. */
  readonly label: string
  readonly tone: 'good' | 'warning' | 'bad' | 'question'
  /** Paths in a square of 16. */
  readonly path: string
}

const CIRCLE = 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13'

const marks: Readonly<Record<string, Mark>> = {
  '✅': { label: 'Done:', tone: 'good', path: `${CIRCLE}M5 8.2 7.2 10.4 11 6` },
  '⚠': { label: 'Note:', tone: 'warning', path: 'M8 1.8 15 14H1ZM8 6.2v3.6M8 11.8v.4' },
  '❌': { label: 'Failed:', tone: 'bad', path: `${CIRCLE}M5.6 5.6 10.4 10.4M10.4 5.6 5.6 10.4` },
  '❓': {
    label: 'Question:',
    tone: 'question',
    path: `${CIRCLE}M6.2 6.3a1.9 1.9 0 1 1 2.7 1.8c-.6.3-.9.6-.9 1.3M8 11.4v.4`,
  },
}

/** The sign, and behind it the blanks and whatever chooses among the fonts. */
const LEADING = /^([✅⚠❌❓])\uFE0F?\s*/u

/** A text, the sign before it drawn where there is one. */
export function Marked({ text }: { readonly text: string }) {
  const [whole = '', sign = ''] = LEADING.exec(text) ?? []
  const mark = marks[sign]
  if (mark === undefined) return <>{text}</>
  return (
    <>
      <svg class={`sign ${mark.tone}`} viewBox="0 0 16 16" role="img" aria-label={mark.label}>
        <path d={mark.path} />
      </svg>
      {text.slice(whole.length)}
    </>
  )
}

/** @returns the text, the sign before it in words, for those who hear the page. */
export function withMarkInWords(text: string): string {
  return text.replace(LEADING, (whole, sign: string) => (marks[sign] ? `${marks[sign].label} ` : whole))
}
