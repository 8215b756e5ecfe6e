/** Something that is done once, however often it is pressed: its key is the same until it is answered. */
import { useState } from 'preact/hooks'
import { draftOf, setDraft } from '../session/drafts.ts'
import { usePage } from '../shell/page-context.ts'
import type { PageCall } from './call-api.ts'
import { NoAnswer, RefusedCall } from './problems.ts'

export interface Deed {
  readonly isBusy: boolean
  /** Why it was not done; undefined before, and once it is. */
  readonly problem: unknown
  /** @returns what was answered; undefined where it was not done, and `problem` says why. */
  readonly run: <T>(call: PageCall & { readonly method: 'POST' | 'PUT' | 'DELETE' }) => Promise<T | undefined>
  readonly reset: () => void
}

export function useDeed(): Deed {
  const { api } = usePage()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  return {
    isBusy,
    problem,
    reset: () => setProblem(undefined),
    async run<T>(call: PageCall) {
      // By all that is asked: other words are another request. Kept with what is typed, so that a sign-in between changes nothing.
      setBusy(true)
      setProblem(undefined)
      const what = call.csv === undefined ? JSON.stringify(call.body) : await digestOf(call.csv)
      const name = `key ${call.method} ${call.path} ${what}`
      const idempotencyKey = draftOf(name) ?? crypto.randomUUID()
      setDraft(name, idempotencyKey)
      try {
        const answer = await api.call<T>({ ...call, idempotencyKey })
        setDraft(name, undefined)
        return answer
      } catch (error) {
        if (isAnswered(error)) setDraft(name, undefined)
        setProblem(error)
        return undefined
      } finally {
        setBusy(false)
      }
    },
  }
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
