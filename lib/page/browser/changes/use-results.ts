/** What became of each pair of a change, page by page. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChangeResult, ChangeResultListing } from '../../../changes/answers/change-schemas.ts'
import { useAnswer } from '../api/use-answer.ts'
import { usePage } from '../shell/page-context.ts'

const PAGE = 50

/** Of one outcome a page may be empty and have a next: so many are looked through for one press. */
const MAX_EMPTY_PAGES = 20

export interface ResultsState {
  readonly rows: readonly ChangeResult[] | undefined
  readonly problem: unknown
  readonly isBusy: boolean
  readonly refresh: () => Promise<void>
  readonly more: (() => void) | undefined
}

/** @param path of the results, with `outcome` where only some are wanted. @param version another one is read anew. */
export function useResults(path: string, version: string, everyMs?: number): ResultsState {
  const { api } = usePage()
  const limited = `${path}${path.includes('?') ? '&' : '?'}limit=${PAGE}`
  const first = useAnswer<ChangeResultListing>(
    `${limited}#${version}`,
    everyMs === undefined ? {} : { everyMs },
  )
  const [further, setFurther] = useState<{ of: string; listing: ChangeResultListing } | undefined>()
  const [problem, setProblem] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const wanted = useRef(limited)
  wanted.current = limited
  const added = further?.of === limited ? further.listing : undefined
  const next = added === undefined ? first.value?.next : added.next
  const isEmpty = first.value?.entities.length === 0 && added === undefined && next !== undefined

  async function add(cursor: string): Promise<void> {
    setBusy(true)
    setProblem(undefined)
    try {
      let listing: ChangeResultListing = { entities: added?.entities ?? [], next: cursor }
      const before = listing.entities.length
      for (let pages = 0; pages < MAX_EMPTY_PAGES && listing.next !== undefined; pages += 1) {
        const page = await api.call<ChangeResultListing>({
          path: `${limited}&cursor=${encodeURIComponent(listing.next)}`,
        })
        listing = { ...page, entities: [...listing.entities, ...page.entities] }
        if (listing.entities.length > before) break
      }
      if (wanted.current === limited) setFurther({ of: limited, listing })
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }

  useEffect(() => {
    if (isEmpty && next !== undefined) void add(next)
  }, [isEmpty, limited])

  return {
    rows: first.value && [...first.value.entities, ...(added?.entities ?? [])],
    problem: first.problem ?? problem,
    isBusy,
    refresh: first.refresh,
    more: next === undefined ? undefined : () => void add(next),
  }
}
