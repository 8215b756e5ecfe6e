/** What has happened, for whoever hears the page. */
import { useLayoutEffect, useState } from 'preact/hooks'

/** A dialog that closes with what was done in it takes its region along: what is said waits until that is over. Milliseconds. */
const SETTLED_MS = 100
/** Who does something and what shows it tell of it both: within this time it is heard once. Milliseconds. */
const ECHO_MS = 1_000

interface Said {
  readonly sentences: readonly string[]
  /** Another one each time, so that the same sentence is heard again. */
  readonly turn: number
}

/** The last stands in the topmost dialog: nothing is heard of what is behind one. */
const regions: ((said: Said) => void)[] = []
/** When each was said last, epoch milliseconds. */
const saidAt = new Map<string, number>()
let unsaid: string[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let turn = 0

export function tellAloud(sentence: string): void {
  const nowMs = Date.now()
  for (const [each, atMs] of saidAt) if (nowMs - atMs > ECHO_MS) saidAt.delete(each)
  if (saidAt.has(sentence)) return
  saidAt.set(sentence, nowMs)
  unsaid.push(sentence)
  clearTimeout(timer)
  timer = setTimeout(() => {
    turn += 1
    regions.at(-1)?.({ sentences: unsaid, turn })
    unsaid = []
  }, SETTLED_MS)
}

export function LiveRegion() {
  const [{ sentences, turn }, setSaid] = useState<Said>({ sentences: [], turn: 0 })
  useLayoutEffect(() => {
    regions.push(setSaid)
    return () => {
      regions.splice(regions.indexOf(setSaid), 1)
    }
  }, [])
  return (
    <div role="status" class="unseen">
      {sentences.map((each) => (
        <p key={`${turn} ${each}`}>{each}</p>
      ))}
    </div>
  )
}
