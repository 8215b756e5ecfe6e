/** The box where a line is typed: Enter sends it, the arrows bring back earlier ones. */
import { byId } from '../dom.ts'
import { suggestionButtons } from './suggestions.ts'

export interface Composer {
  /** Puts a line into the box, to be sent or changed. */
  fill(line: string): void
}

/** @param send resolves to whether the line has been taken. */
export function composer(send: (line: string) => Promise<boolean>): Composer {
  const form = byId('composer', HTMLFormElement)
  const box = byId('line', HTMLInputElement)
  const sent: string[] = []
  /** How many lines back the box shows; 0 is what is being typed. */
  let back = 0
  let typed = ''

  function fill(line: string): void {
    box.value = line
    box.focus()
    box.setSelectionRange(line.length, line.length)
  }

  function recall(step: number): void {
    const next = Math.max(0, Math.min(sent.length, back + step))
    if (next === back) return
    if (back === 0) typed = box.value
    back = next
    fill(back === 0 ? typed : (sent.at(-back) ?? ''))
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const line = box.value.trim()
    if (line === '') return
    if (sent.at(-1) !== line) sent.push(line)
    back = 0
    box.value = ''
    const isTaken = await send(line)
    if (!isTaken && box.value === '') box.value = line
  })
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    recall(event.key === 'ArrowUp' ? 1 : -1)
  })
  byId('suggestions', HTMLElement).append(
    ...suggestionButtons((line) => {
      back = 0
      fill(line)
    }),
  )
  // Before this nobody is there to take a line, and the browser would send the form away.
  for (const part of form.querySelectorAll<HTMLInputElement | HTMLButtonElement>('.box > :disabled')) {
    part.disabled = false
  }
  return { fill }
}
