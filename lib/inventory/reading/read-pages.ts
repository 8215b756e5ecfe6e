/** The two walks of a reading, licenses before names, each with a checkpoint every 100 pages: whoever comes next goes on from there. */
import type { Page } from '../../genesys/each-page.ts'
import { MAX_PAGE_SIZE } from '../../genesys/models/ids.ts'
import { progressOf } from '../reading-progress.ts'
import type { CurrentReading, WalkName, WalkState } from '../reading-store.ts'
import { type PackedPage, packBlocks, packDirectoryUser, packListed } from './pack-walk.ts'
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
    fetchPage: async (pageNumber) =>
      packEach(await pages.licenses(pageNumber), ({ id, licenses }) =>
        packListed({ id, licenses: licenses ?? undefined }),
      ),
  })
  if (!isAtEnd(licenses.licenses)) return undefined
  const both = await readWalk(work, lease, licenses, {
    name: 'directory',
    pages,
    fetchPage: async (pageNumber) =>
      packEach(await pages.directory(pageNumber), ({ id, name, email, state }) =>
        packDirectoryUser({
          id,
          name: name || undefined,
          email: email || undefined,
          state: state || undefined,
        }),
      ),
  })
  return isAtEnd(both.directory) ? both : undefined
}

function isAtEnd({ nextPage, pageCount }: WalkState): boolean {
  return pageCount !== undefined && nextPage > pageCount
}

/** What is kept of each alone, for a page says more, and several wait for their turn. */
function packEach<Entity>(
  { entities, ...counts }: Page<Entity>,
  pack: (entity: Entity) => string,
): Page<string> {
  return { ...counts, entities: entities?.map(pack) }
}

interface Walking {
  readonly name: WalkName
  readonly pages: PageSource
  /** Of each user a line. */
  readonly fetchPage: (pageNumber: number) => Promise<Page<string>>
}

/** A page that is not kept yet. */
interface UnkeptPage extends PackedPage, Pick<WalkState, 'pageCount' | 'total' | 'rows'> {
  /** Fewer people than a page may have. */
  readonly isShort: boolean
}

/** @returns the reading as far as it came. */
async function readWalk(
  { store, clock, deadline }: ReadingWork,
  lease: HeldLease,
  begun: CurrentReading,
  { name, pages, fetchPage }: Walking,
): Promise<CurrentReading> {
  let reading = begun
  let unkept: UnkeptPage[] = []
  /** What was read is kept, and the reading moves on with it. */
  const checkpoint = async () => {
    const last = unkept.at(-1)
    if (!last) return
    const walk = reading[name]
    const key = { slot: reading.slot, of: name, n: walk.pieces.length }
    const piece = await store.putBlocks(key, await packBlocks(unkept), lease.state.fencingToken)
    const { pageCount, total } = last
    const isUneven = walk.isUneven || hasUnevenPages(unkept, walk) || undefined
    const next: WalkState = {
      nextPage: walk.nextPage + unkept.length,
      pageCount: pageCount ?? unkept.length + walk.nextPage - 1,
      total,
      isUneven,
      rows: unkept.reduce((sum, { rows }) => sum + rows, walk.rows),
      answeredAtMs: last.answeredAtMs,
      pieces: [...walk.pieces, piece],
    }
    reading = { ...reading, [name]: next }
    unkept = []
    await lease.moveOn({ current: reading })
    await store.putProgress(progressOf(reading))
  }
  if (isAtEnd(reading[name])) return reading
  const walk = walkPaced({
    fetchPage,
    from: reading[name],
    clock,
    deadline,
    observed: pages.observed,
    heartbeat: () => lease.renew(),
  })
  try {
    for await (const read of walk) {
      unkept.push(unkeptPageOf(read))
      if (unkept.length === PAGES_A_PIECE) await checkpoint()
    }
  } finally {
    await checkpoint()
  }
  return reading
}

function unkeptPageOf({ page, askedAtMs, answeredAtMs }: PacedPage<string>): UnkeptPage {
  const entities = page.entities ?? []
  return {
    pageCount: page.pageCount ?? undefined,
    total: page.total ?? undefined,
    rows: entities.length,
    isShort: entities.length < (page.pageSize ?? MAX_PAGE_SIZE),
    lines: Buffer.from(entities.join('')),
    askedAtMs,
    answeredAtMs,
  }
}

/** Pages that tell other counts than the one before them, or that are short without telling how many there are. */
function hasUnevenPages(read: readonly UnkeptPage[], walk: WalkState): boolean {
  let before: Pick<WalkState, 'pageCount' | 'total'> | undefined = walk.nextPage > 1 ? walk : undefined
  for (const [n, { pageCount, total, isShort }] of read.entries()) {
    const isLast = pageCount === undefined || walk.nextPage + n >= pageCount
    if (total === undefined && isShort && !isLast) return true
    if (before && (before.total !== total || (pageCount !== undefined && before.pageCount !== pageCount)))
      return true
    before = { pageCount, total }
  }
  return false
}
