/** What has happened, for whoever hears the page. */
import { createCell, useCell } from './cell.ts'

const said = createCell('')

export function tellAloud(sentence: string): void {
  // The same sentence twice is heard twice only where it is another text.
  said.set(said.get() === sentence ? `${sentence}\u00a0` : sentence)
}

export function LiveRegion() {
  return (
    <div role="status" aria-live="polite" class="unseen">
      {useCell(said)}
    </div>
  )
}
