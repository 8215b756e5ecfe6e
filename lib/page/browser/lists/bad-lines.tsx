/** Rows that cannot be planned, each line beside what is wrong with it, where it is mended in place. */
import { Button } from '../parts/button.tsx'
import { Form } from '../parts/form.tsx'
import { Callout } from '../parts/states.tsx'
import { numberOf } from '../parts/times.tsx'
import { hashOf } from '../shell/route.ts'
import type { BadLine } from './list-fields.ts'

interface BadLinesProps {
  readonly lines: readonly BadLine[]
  /** What a line says now. */
  readonly textAt: (line: number) => string
  readonly onMend: (line: number, text: string) => void
  readonly onAgain: () => Promise<void>
  readonly isBusy: boolean
}

export function BadLines({ lines, textAt, onMend, onAgain, isBusy }: BadLinesProps) {
  return (
    <Form class="bad-lines" onSubmit={onAgain} isBusy={isBusy}>
      <h2>{headingOf(lines)}</h2>
      <p class="note">Mend each in its place, or empty it to leave the row out.</p>
      <ol aria-label="Rows to mend">
        {lines.map(({ line, sentences }) => (
          <li key={line}>
            <label for={`line-${line}`}>Line {line}</label>
            <input
              id={`line-${line}`}
              type="text"
              autoComplete="off"
              spellcheck={false}
              aria-invalid="true"
              aria-describedby={`line-${line}-fault`}
              value={textAt(line)}
              onInput={({ currentTarget: { value } }) => onMend(line, value)}
            />
            <span id={`line-${line}-fault`} class="fault">
              {sentences.join('; ')}
            </span>
          </li>
        ))}
      </ol>
      <Button type="submit" look="primary" isBusy={isBusy}>
        Hand in again
      </Button>
    </Form>
  )
}

/** The gateway tells so many at once. */
const MAX_TOLD = 50

function headingOf(lines: readonly BadLine[]): string {
  const isCut = lines.flatMap(({ sentences }) => sentences).length >= MAX_TOLD
  if (isCut) return `The first ${numberOf(lines.length)} rows to mend`
  return lines.length === 1 ? 'A row to mend' : `${numberOf(lines.length)} rows to mend`
}

/** Where the list itself is not at hand: somebody else, or another device, has handed it in. */
export function ToldLines({ lines }: { readonly lines: readonly BadLine[] }) {
  return (
    <Callout tone="bad">
      <ul class="found">
        {lines.map(({ line, sentences }) => (
          <li key={line}>
            Line {line}: {sentences.join('; ')}
          </li>
        ))}
      </ul>
      <a href={hashOf(['lists'])}>Hand in the mended list</a>
    </Callout>
  )
}
