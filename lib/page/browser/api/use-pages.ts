/** A listing, page by page, kept up to date: what is asked for grows, and beyond what one answer may have pages are added. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { usePage } from '../shell/page-context.ts'
import { useAnswer } from './use-answer.ts'

interface Listing<T> {
  readonly entities: readonly T[]
  readonly next?: string
  /** Of what is from a reading: when that began, and whether it got all of the org. */
  readonly asOf?: string
  readonly isWhole?: boolean
}

export interface PagesState<T> {
  /** Undefined before the first answer. */
  readonly entities: readonly T[] | undefined
  /** What its first page is from. */
  readonly dated: Pick<Listing<T>, 'asOf' | 'isWhole'> | undefined
  readonly problem: unknown
  readonly refresh: () => Promise<void>
  /** Shows more; undefined where there is none. */
  readonly more: (() => void) | undefined
}

const STEP = 25
/** How much of each is shown, for whoever comes back to it. */
const sizes = new Map<string, number>()
/** Most that one answer may have. */
const MAX_LIMIT = 100

/** @param path without `limit` and `cursor`. */
export function usePages<T extends Listed>(path: string, everyMs?: number): PagesState<T> {
  const { api } = usePage()
  const [limit, setLimit] = useState(() => sizes.get(path) ?? STEP)
  const [further, setFurther] = useState<Listing<T> | undefined>()
  const [problem, setProblem] = useState<unknown>()
  const first = useAnswer<Listing<T>>(
    within(path, `limit=${limit}`),
    everyMs === undefined ? {} : { everyMs },
  )
  const shown = useRef<{ path: string; listing: Listing<T> | undefined }>({ path, listing: undefined })
  // Another listing begins at its beginning.
  useEffect(() => {
    setLimit(sizes.get(path) ?? STEP)
    setFurther(undefined)
    setProblem(undefined)
  }, [path])

  if (first.value !== undefined || shown.current.path !== path) shown.current = { path, listing: first.value }
  const { listing } = shown.current
  const next = (further ?? listing)?.next

  async function addPage(cursor: string): Promise<void> {
    try {
      const page = await api.call<Listing<T>>({
        path: within(path, `limit=${MAX_LIMIT}&cursor=${encodeURIComponent(cursor)}`),
      })
      setFurther((last) => ({ ...page, entities: [...(last?.entities ?? []), ...page.entities] }))
      setProblem(undefined)
    } catch (error) {
      setProblem(error)
    }
  }

  // The same as long as nothing is new: of many rows none is drawn anew then.
  const entities = useMemo(
    () => listing && eachOnce([...listing.entities, ...(further?.entities ?? [])]),
    [listing, further],
  )

  return {
    entities,
    dated: listing,
    problem: first.problem ?? problem,
    refresh: first.refresh,
    more:
      next === undefined
        ? undefined
        : () => {
            if (limit >= MAX_LIMIT) return void addPage(next)
            sizes.set(path, limit + STEP)
            setLimit(limit + STEP)
          },
  }
}

const within = (path: string, more: string) => `${path}${path.includes('?') ? '&' : '?'}${more}`

/** What has an id, or is of somebody from some time on. */
type Listed = { readonly id: string } | { readonly userId: string; readonly from: string }

const keyOf = (entry: Listed) => ('id' in entry ? entry.id : `${entry.userId} ${entry.from}`)

function eachOnce<T extends Listed>(entities: readonly T[]): T[] {
  const seen = new Set<string>()
  return entities.filter((each) => !seen.has(keyOf(each)) && seen.add(keyOf(each)))
}
