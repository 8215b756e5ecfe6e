/** What the gateway has at a path, kept up to date while somebody looks. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { usePage } from '../shell/page-context.ts'
import { backOffMs } from './problems.ts'

export interface AnswerState<T> {
  /** What was answered last; it stands while a newer answer is not there. */
  readonly value: T | undefined
  /** Why there is none, or no newer one. */
  readonly problem: unknown
  /** Asks at once. @returns when the answer is shown. */
  readonly refresh: () => Promise<void>
}

interface KnownAnswer {
  readonly value: unknown
  /** Its place among all that was asked: what was asked for later tells of later, whenever it comes. */
  readonly asked: number
}

/** What was answered, by path: whoever goes back sees at once what was there. */
const known = new Map<string, KnownAnswer>()
const MAX_KNOWN = 50
let asks = 0

interface Options {
  /** How long after an answer it is asked again, milliseconds; never where it is absent. */
  readonly everyMs?: number
  /** Of text, `T` is string; of one path always the same. */
  readonly accept?: 'text/html'
}

/** @param path undefined as long as nothing is to be asked. */
export function useAnswer<T>(path: string | undefined, { everyMs, accept }: Options = {}): AnswerState<T> {
  const { api } = usePage()
  const [state, setState] = useState(() => firstOf<T>(path))
  const asked = useRef<(isPressed: boolean) => Promise<void>>(async () => {})

  useEffect(() => {
    if (path === undefined) return
    let isWanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    let failures = 0
    let shown = 0
    setState(firstOf<T>(path))

    async function ask(isPressed: boolean): Promise<void> {
      clearTimeout(timer)
      if (path === undefined || !isWanted) return
      // Nothing is asked for a page that nobody looks at.
      if (document.hidden && !isPressed) return
      asks += 1
      const asked = asks
      try {
        const value = await api.call<T>({ path, ...(accept === undefined ? {} : { accept }) })
        remember(path, { value, asked })
        // It is let come to its end, which spares the gateway a stream that breaks.
        if (!isWanted || asked < shown) return
        shown = asked
        failures = 0
        setState(firstOf<T>(path))
      } catch (problem) {
        if (!isWanted || asked < shown) return
        failures += 1
        setState((last) => ({ path, value: last.path === path ? last.value : undefined, problem }))
      }
      const waitMs = failures > 0 ? backOffMs(failures, everyMs) : everyMs
      clearTimeout(timer)
      if (waitMs !== undefined && isWanted) timer = setTimeout(() => void ask(false), waitMs)
    }

    const look = () => {
      if (!document.hidden && (everyMs !== undefined || failures > 0)) void ask(false)
    }
    asked.current = ask
    document.addEventListener('visibilitychange', look)
    addEventListener('online', look)
    void ask(true)
    return () => {
      isWanted = false
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
      removeEventListener('online', look)
    }
  }, [api, path, everyMs, accept])

  const refresh = useCallback(async () => await asked.current(true), [])
  const current = state.path === path ? state : firstOf<T>(path)
  return { value: current.value, problem: current.problem, refresh }
}

interface Shown<T> {
  readonly path: string | undefined
  readonly value: T | undefined
  readonly problem: unknown
}

function firstOf<T>(path: string | undefined): Shown<T> {
  return {
    path,
    value: path === undefined ? undefined : (known.get(path)?.value as T | undefined),
    problem: undefined,
  }
}

function remember(path: string, answer: KnownAnswer): void {
  const last = known.get(path)
  known.delete(path)
  known.set(path, last !== undefined && last.asked > answer.asked ? last : answer)
  const [oldest] = known.keys()
  if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest)
}
