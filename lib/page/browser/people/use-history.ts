/** What somebody has held, with who asked for it and why where a change of the gateway's brought it about. */
import { useEffect, useState } from 'preact/hooks'
import type { Change, ChangeListing } from '../../../changes/answers/change-schemas.ts'
import type { HoldingEntry, HoldingListing } from '../../../inventory/answers/inventory-schemas.ts'
import { RefusedCall } from '../api/problems.ts'
import { useAnswer } from '../api/use-answer.ts'
import { usePage } from '../shell/page-context.ts'
import { PERSON_EVERY_MS } from './use-person.ts'

export interface HistoryState {
  /** The latest beginning first; undefined before the first answer. */
  readonly holdings: readonly HoldingEntry[] | undefined
  readonly listing: HoldingListing | undefined
  readonly changes: ReadonlyMap<string, Change>
  /** Why some of the changes are not known. */
  readonly unlisted: unknown
  readonly problem: unknown
  readonly refresh: () => Promise<void>
  /** Of the whole history, as a file. */
  readonly path: string
}

/** What is shown; who wants more downloads it. */
const SHOWN = 100

/** @param id a user's. */
export function useHistory(id: string): HistoryState {
  const at = encodeURIComponent(id)
  const path = `v1/users/${at}/history`
  const history = useAnswer<HoldingListing>(`${path}?limit=${SHOWN}`, { everyMs: PERSON_EVERY_MS })
  // Somebody of whom nobody knows anything has no history, which is told by what else stands there.
  const isUnknown = history.problem instanceof RefusedCall && history.problem.status === 404
  const holdings = isUnknown ? [] : history.value?.entities
  const { changes, areListed, unlisted, refresh } = useChangesBehind(holdings, `user=${at}`, {
    everyMs: PERSON_EVERY_MS,
  })
  return {
    // Who and why make its lines longer: they come with them.
    holdings: areListed ? holdings : undefined,
    listing: history.value,
    changes,
    unlisted,
    problem: isUnknown ? undefined : history.problem,
    async refresh() {
      await Promise.all([history.refresh(), refresh()])
    },
    path,
  }
}

/** @param filter of the listing of changes that has most of them. @param options how often that is asked again. */
export function useChangesBehind(
  holdings: readonly HoldingEntry[] | undefined,
  filter: string,
  options: { readonly everyMs?: number } = {},
) {
  const { value, problem, refresh } = useAnswer<ChangeListing>(`v1/changes?${filter}&limit=${SHOWN}`, options)
  const listed = new Map((value?.entities ?? []).map((change) => [change.id, change]))
  const wanted = (holdings ?? []).flatMap(({ by, endedBy }) => [changeBehind(by), changeBehind(endedBy)])
  const areListed = value !== undefined || problem !== undefined
  const others = useChanges(areListed ? [...new Set(wanted)].filter((each) => each && !listed.has(each)) : [])
  return { changes: new Map([...listed, ...others]), areListed, unlisted: problem, refresh }
}

export function changeBehind(by: HoldingEntry['by'] | undefined): string | undefined {
  return typeof by === 'object' ? by.changeId : undefined
}

/** Those of lists, of which a person's own listing has none. */
function useChanges(ids: readonly (string | undefined)[]): ReadonlyMap<string, Change> {
  const { api } = usePage()
  const [known, setKnown] = useState<ReadonlyMap<string, Change>>(new Map())
  const wanted = ids.join(' ')
  useEffect(() => {
    let isWanted = true
    const changeOf = async (id: string) =>
      await api.call<Change>({ path: `v1/changes/${id}` }).catch(() => undefined)
    void Promise.all(wanted.split(' ').filter(Boolean).map(changeOf)).then((found) => {
      if (isWanted)
        setKnown(new Map(found.flatMap((change) => (change ? [[change.id, change] as const] : []))))
    })
    return () => {
      isWanted = false
    }
  }, [api, wanted])
  return known
}
