/** Lists of 50,000 pairs: once in peace, against the bound of their pace, and once through mishaps. */
import { type WorkDone, workThrough } from '../changes/scale/work-through.ts'

const PAIRS = 50_000
const KILL_EVERY = 50

/** Of the requests that are needed at the pace of lists. */
const MOST_OF_BOUND = 1.15
const MOST_IN_MINUTE = 300
const MOST_REFUSED = 0.01

/** Of the heap from a tenth of the parts to the last. Bytes. */
const MOST_GROWTH = 4_000_000

/** What one part takes at the pace. Milliseconds. */
const PART_MS = 750

/** Of a core, which the function has: the half of its 13.5 s; its calls of the ledger, some at a time, have the rest. Milliseconds. */
const MOST_OF_UNDO_MS = 6_750

/** Both take two cores some three minutes. */
export const LISTS_TAKE_MS = 5 * 60_000

/** @param say told how it went. @returns a sentence for each promise that was broken. */
export async function soakLists(seed: number, say: (line: string) => void): Promise<string[]> {
  const calm = await workThrough({ pairs: [PAIRS], undo: 'asked' })
  say(lineOf('in peace', calm))
  const { cpuMs = 0, ledgerCalls = 0 } = calm.undone ?? {}
  say(`its undoing is planned with ${Math.round(cpuMs)} ms of a core and ${ledgerCalls} calls of the ledger`)
  const broken = [...faultsOf(calm), ...faultsOfPeace(calm)]
  const harried = await workThrough({ pairs: [PAIRS], mishaps: { seed, killEvery: KILL_EVERY } })
  const { kills, retried } = harried
  say(lineOf(`with seed ${seed}, through ${kills} deaths${retried ? ', its rest retried' : ''}`, harried))
  return [...broken, ...faultsOf(harried)]
}

/** What holds whatever happens. */
function faultsOf({ faults, requests, refused, mostInMinute }: WorkDone): string[] {
  return [
    ...faults,
    ...(mostInMinute > MOST_IN_MINUTE ? [`${mostInMinute} requests in a minute`] : []),
    ...(refused > MOST_REFUSED * requests ? [`${refused} of ${requests} requests were refused`] : []),
  ]
}

function faultsOfPeace({
  states,
  tookMs,
  boundMs,
  heapBytes,
  slowestReadMs,
  readsRefused,
  undone,
}: WorkDone): string[] {
  const growth = Math.max(...heapBytes) - (heapBytes[0] ?? 0)
  return [
    ...(states.join() === 'APPLIED' ? [] : [`the list ended ${states.join()}`]),
    ...(tookMs > MOST_OF_BOUND * boundMs ? [`it took ${tookMs} ms, of ${boundMs}`] : []),
    ...(growth > MOST_GROWTH ? [`the heap grew by ${growth} bytes`] : []),
    ...(slowestReadMs > PART_MS ? [`somebody's read took ${slowestReadMs} ms`] : []),
    ...(undone?.status === 202 ? [] : [`its undoing was answered ${undone?.status}`]),
    ...((undone?.cpuMs ?? 0) > MOST_OF_UNDO_MS
      ? [`to plan its undoing took ${undone?.cpuMs} ms of a core`]
      : []),
    ...readsRefused.map((status) => `somebody's read was answered ${status}`),
  ]
}

function lineOf(how: string, { parts, tookMs, boundMs, requests, mostInMinute, refused }: WorkDone): string {
  const time = `${Math.round(tookMs / 1000)} s on the clock (bound ${Math.round(boundMs / 1000)} s)`
  return `${PAIRS} pairs ${how}: ${parts} parts in ${time}, ${requests} requests, at most ${mostInMinute} in a minute, ${refused} refused`
}
