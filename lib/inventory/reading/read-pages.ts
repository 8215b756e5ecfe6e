/** The two walks of a reading, licenses before names, each with a checkpoint every 100 pages: whoever comes next goes on from there. */
import type { Page } from '../../genesys/each-page.ts'
import { MAX_PAGE_SIZE } from '../../genesys/models/ids.ts'
import { type LicensePage, packDirectory, packLicensePages } from '../pack-reading.ts'
import { progressOf } from '../reading-progress.ts'
import type { CurrentReading, WalkName, WalkState } from '../reading-store.ts'
import type { HeldLease } from './reading-lease.ts'
import type { PageSource, ReadingWork } from './reading-work.ts'
import { type PacedPage, walkPaced } from './walk-paced.ts'

/** Pages between two checkpoints: what a crash costs at most. */
const PAGES_A_PIECE = 100

/**
 * @returns the reading with both walks at their end; undefined where no time was left.
 * @throws GatewayError what Genesys answers, once what was read is kept; `general.conflict` where another has taken over.
 */
export async function readPages(
  work: ReadingWork,
  lease: HeldLease,
  reading: CurrentReading,
): Promise<CurrentReading | undefined> {
  if (isAtEnd(reading.licenses) && isAtEnd(reading.directory)) return reading
  const pages = await work.openPages()
  const licenses = await readWalk(work, lease, reading, {
    name: 'licenses',
    pages,
    fetchPage: pages.licenses,
    pack: (read) => packLicensePages(read.map(licensePageOf)),
  })
  if (!isAtEnd(licenses.licenses)) return undefined
  const both = await readWalk(work, lease, licenses, {
    name: 'directory',
    pages,
    fetchPage: pages.directory,
    pack: (read) =>
      packDirectory(
        read.flatMap(({ page }) =>
          (page.entities ?? []).map(({ id, name, email, state }) => ({
            id,
            name: name || undefined,
            email: email || undefined,
            state: state || undefined,
          })),
        ),
      ),
  })
  return isAtEnd(both.directory) ? both : undefined
}

function isAtEnd({ nextPage, pageCount }: WalkState): boolean {
  return pageCount !== undefined && nextPage > pageCount
}

interface Walking<User> {
  readonly name: WalkName
  readonly pages: PageSource
  readonly fetchPage: (pageNumber: number) => Promise<Page<User>>
  readonly pack: (read: readonly PacedPage<User>[]) => Promise<Uint8Array>
}

/** @returns the reading as far as it came. */
async function readWalk<User>(
  { store, clock, deadline }: ReadingWork,
  lease: HeldLease,
  begun: CurrentReading,
  { name, pages, fetchPage, pack }: Walking<User>,
): Promise<CurrentReading> {
  let reading = begun
  let unkept: PacedPage<User>[] = []
  /** What was read is kept, and the reading moves on with it. */
  const checkpoint = async () => {
    const last = unkept.at(-1)
    if (!last) return
    const walk = reading[name]
    const key = { slot: reading.slot, of: name, n: walk.pieces.length }
    const piece = await store.putBytes(key, await pack(unkept), lease.state.fencingToken)
    const { pageCount, total } = last.page
    const isUneven = walk.isUneven || hasUnevenPages(unkept, walk) || undefined
    const next: WalkState = {
      nextPage: walk.nextPage + unkept.length,
      pageCount: pageCount ?? unkept.length + walk.nextPage - 1,
      total: total ?? undefined,
      isUneven,
      answeredAtMs: last.answeredAtMs,
      pieces: [...walk.pieces, piece],
    }
    reading = { ...reading, [name]: next }
    unkept = []
    await lease.moveOn({ current: reading })
    await store.putProgress(progressOf(reading))
  }
  if (isAtEnd(reading[name])) return reading
  const walk = walkPaced<User>({
    fetchPage,
    from: reading[name],
    clock,
    deadline,
    observed: pages.observed,
    heartbeat: () => lease.renew(),
  })
  try {
    for await (const page of walk) {
      unkept.push(page)
      if (unkept.length === PAGES_A_PIECE) await checkpoint()
    }
  } finally {
    await checkpoint()
  }
  return reading
}

/** Pages that tell other counts than the one before them, or that are short without telling how many there are. */
function hasUnevenPages(read: readonly PacedPage<unknown>[], walk: WalkState): boolean {
  let before: Pick<WalkState, 'pageCount' | 'total'> | undefined = walk.nextPage > 1 ? walk : undefined
  for (const [n, { page }] of read.entries()) {
    const pageCount = page.pageCount ?? undefined
    const total = page.total ?? undefined
    const isLast = pageCount === undefined || walk.nextPage + n >= pageCount
    const isShort = (page.entities?.length ?? 0) < (page.pageSize ?? MAX_PAGE_SIZE)
    if (total === undefined && isShort && !isLast) return true
    if (before && (before.total !== total || (pageCount !== undefined && before.pageCount !== pageCount)))
      return true
    before = { pageCount, total }
  }
  return false
}

function licensePageOf({
  page,
  askedAtMs,
  answeredAtMs,
}: PacedPage<{
  readonly id: string
  readonly licenses?: readonly string[] | null | undefined
}>): LicensePage {
  const users = (page.entities ?? []).map(({ id, licenses }) => ({ id, licenses: licenses ?? undefined }))
  return { askedAtMs, answeredAtMs, users }
}
