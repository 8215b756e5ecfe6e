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
  /** Whether it was asked for what somebody did whom the gateway does not know. */
  readonly isActorUnknown?: boolean
}

export interface PagesState<T> {
  /** Undefined before the first answer. */
  readonly entities: readonly T[] | undefined
  /** What its first page is from. */
  readonly dated: Pick<Listing<T>, 'asOf' | 'isWhole'> | undefined
  /** What its first page says of what was asked for. */
  readonly isActorUnknown: boolean
  readonly problem: unknown
  readonly refresh: () => Promise<void>
  /** Shows more; undefined where there is none. */
  readonly more: (() => void) | undefined
}

/** What was read beyond a first page. */
interface Further<T> {
  /** Of which listing, and behind which page of it. */
  readonly path: string
  readonly first: Listing<T>
  readonly entities: readonly T[]
  readonly next: string | undefined
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
  const [wanted, setWanted] = useState({ path, rows: 0 })
  const [read, setRead] = useState<Further<T> | undefined>()
  const [problem, setProblem] = useState<unknown>()
  const first = useAnswer<Listing<T>>(
    within(path, `limit=${limit}`),
    everyMs === undefined ? {} : { everyMs },
  )
  const shown = useRef<{ path: string; listing: Listing<T> | undefined }>({ path, listing: undefined })
  // Another listing begins at its beginning.
  useEffect(() => {
    setLimit(sizes.get(path) ?? STEP)
    setProblem(undefined)
  }, [path])

  if (first.value !== undefined || shown.current.path !== path) shown.current = { path, listing: first.value }
  const { listing } = shown.current
  const further = read?.path === path ? read : undefined
  const next = further ? further.next : listing?.next

  // What is new on the first page pushes others off it, which stand on the next page then: that is read anew from its end on.
  useEffect(() => {
    if (listing?.next === undefined || wanted.path !== path || wanted.rows === 0) return
    let isWanted = true
    const pageAt = (cursor: string) =>
      api.call<Listing<T>>({
        path: within(path, `limit=${MAX_LIMIT}&cursor=${encodeURIComponent(cursor)}`),
      })
    const isBehind = further?.first.next === listing.next
    readOn(pageAt, wanted.rows, isBehind ? further : { entities: [], next: listing.next })
      .then((more) => {
        if (!isWanted) return
        setRead({ path, first: listing, ...more })
        setProblem(undefined)
      })
      .catch((error: unknown) => {
        if (isWanted) setProblem(error)
      })
    return () => {
      isWanted = false
    }
  }, [api, path, listing?.next, wanted])

  // The same as long as nothing is new: of many rows none is drawn anew then.
  const entities = useMemo(
    () =>
      listing &&
      // Until it is read anew, what was on the first page is not gone.
      eachOnce([...listing.entities, ...(further?.first.entities ?? []), ...(further?.entities ?? [])]),
    [listing, further],
  )

  return {
    entities,
    dated: listing,
    isActorUnknown: listing?.isActorUnknown ?? false,
    problem: first.problem ?? problem,
    refresh: first.refresh,
    more:
      next === undefined
        ? undefined
        : () => {
            if (limit >= MAX_LIMIT)
              return setWanted({ path, rows: (further?.entities.length ?? 0) + MAX_LIMIT })
            sizes.set(path, limit + STEP)
            setLimit(limit + STEP)
          },
  }
}

type Read<T> = Pick<Further<T>, 'entities' | 'next'>

/** @returns what there is with it, up to so many rows and the rest of their page. */
async function readOn<T>(
  pageAt: (cursor: string) => Promise<Listing<T>>,
  rows: number,
  { entities, next }: Read<T>,
): Promise<Read<T>> {
  if (next === undefined || entities.length >= rows) return { entities, next }
  const page = await pageAt(next)
  return await readOn(pageAt, rows, { entities: [...entities, ...page.entities], next: page.next })
}

const within = (path: string, more: string) => `${path}${path.includes('?') ? '&' : '?'}${more}`

/** What has an id, or is of somebody from some time on. */
type Listed = { readonly id: string } | { readonly userId: string; readonly from: string }

const keyOf = (entry: Listed) => ('id' in entry ? entry.id : `${entry.userId} ${entry.from}`)

function eachOnce<T extends Listed>(entities: readonly T[]): T[] {
  const seen = new Set<string>()
  return entities.filter((each) => !seen.has(keyOf(each)) && seen.add(keyOf(each)))
}
