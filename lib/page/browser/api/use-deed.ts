/**
 * Something that is done once, however often it is pressed: its key is the same until it is answered, or whoever pressed has
 * turned away from it.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { draftOf, setDraft } from '../session/drafts.ts'
import { usePage } from '../shell/page-context.ts'
import type { PageCall } from './call-api.ts'
import { NoAnswer, RefusedCall } from './problems.ts'

export interface Deed {
  readonly isBusy: boolean
  /** Why it was not done; undefined before, and once it is. */
  readonly problem: unknown
  /**
   * While it is busy another press is none.
   * @param after what follows the answer, whichever it is, such as reading anew. Where it was done, it is busy until that
   * has ended, since what is shown until then can be pressed again; whoever is told why it was not may press at once.
   * @returns what was answered; undefined where it was not done, and `problem` says why.
   */
  readonly run: <T>(
    call: PageCall & { readonly method: 'POST' | 'PUT' | 'DELETE' },
    after?: () => Promise<void>,
  ) => Promise<T | undefined>
  /** It is not wanted any more: the next press is another one. */
  readonly reset: () => void
}

/** So long a press that had no answer is gone on with over a sign-in; later the same words are another wish, milliseconds. */
const KEY_LIVES_MS = 300_000

export function useDeed(): Deed {
  const { api } = usePage()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const isRunning = useRef(false)
  const unanswered = useRef(new Set<string>())
  const turnAway = () => {
    for (const name of unanswered.current) setDraft(name, undefined)
    unanswered.current.clear()
  }
  // A page that is left for the sign-in is not taken apart, so that its keys are kept.
  useEffect(() => turnAway, [])
  return {
    isBusy,
    problem,
    reset() {
      turnAway()
      setProblem(undefined)
    },
    async run<T>(call: PageCall, after?: () => Promise<void>) {
      if (isRunning.current) return undefined
      isRunning.current = true
      setBusy(true)
      setProblem(undefined)
      let isOver = false
      const end = () => {
        if (isOver) return
        isOver = true
        isRunning.current = false
        setBusy(false)
      }
      try {
        const name = await keyNameOf(call)
        unanswered.current.add(name)
        const settle = () => {
          unanswered.current.delete(name)
          setDraft(name, undefined)
        }
        let answer: T | undefined
        try {
          answer = await api.call<T>({ ...call, idempotencyKey: keyFor(name) })
          settle()
        } catch (error) {
          if (isAnswered(error)) settle()
          setProblem(error)
          end()
        }
        await after?.()
        return answer
      } finally {
        end()
      }
    },
  }
}

/** By all that is asked: other words are another request. */
async function keyNameOf({ method, path, body, csv }: PageCall): Promise<string> {
  return `key ${method} ${path} ${csv === undefined ? JSON.stringify(body) : await digestOf(csv)}`
}

/** Kept with what is typed, so that a sign-in between changes nothing. */
function keyFor(name: string): string {
  const [known, sinceMs] = draftOf(name)?.split(' ') ?? []
  const isAlive = known !== undefined && Date.now() - Number(sinceMs) < KEY_LIVES_MS
  const key = isAlive ? known : crypto.randomUUID()
  // Pressed again, it is told of once more where it is lost once more.
  setDraft(name, `${key} ${isAlive ? sinceMs : Date.now()}`)
  return key
}

/** A file is known by it alone: its name in the drafts is not as long as itself. */
async function digestOf(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(bytes), (each) => each.toString(16).padStart(2, '0')).join('')
}

/** Whether it is known that the request has come to nothing, so that the next press is another one. */
function isAnswered(error: unknown): boolean {
  if (error instanceof NoAnswer) return false
  return (
    error instanceof RefusedCall &&
    error.status < 500 &&
    error.status !== 429 &&
    error.code !== 'outcome.unknown'
  )
}
