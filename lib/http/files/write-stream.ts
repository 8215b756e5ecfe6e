/** Writing to what Lambda streams an answer by, no faster than it is taken, and waiting for that no longer than makes sense. */
import type { Clock, Deadline } from '../../clock.ts'

/** As much of a stream as the runtime's own is: it looks like one, and is none of Node's. */
export interface StreamOut {
  readonly destroyed: boolean
  write(chunk: Uint8Array): boolean
  end(done: () => void): unknown
  on(event: 'close' | 'error' | 'drain', listener: () => void): unknown
  off(event: 'close' | 'error' | 'drain', listener: () => void): unknown
}

/**
 * Lambda knows no end by which the connection breaks and that is no error of the function's; this one is counted, so that
 * the alarm on errors leaves it out (`metricNames.answersAbandoned`).
 */
export class ClientStalled extends Error {
  override readonly name = 'ClientStalled'

  constructor(requestId: string) {
    super(`Whoever sent request ${requestId} takes no more of its answer; nothing is wrong with the gateway`)
  }
}

/** How long whoever takes the stream is waited for. */
export interface Patience {
  /** By when all of it must be taken. */
  readonly deadline: Deadline
  readonly clock: Pick<Clock, 'startTimer'>
}

/** Gone: nobody takes anything any more. Stalled: somebody might, and has not in time; the stream still stands. */
export type Taking = 'taken' | 'gone' | 'stalled'

/** So long nothing of what waits may be taken, milliseconds. Proxies and browsers that are at work take something each second. */
const MAX_IDLE_MS = 30_000

/** So much is written before it is looked whether it was taken: by that even the slowest is seen to go on. */
const SLICE_BYTES = 64 * 1024

/**
 * An empty text is written too: by it status and headers go out.
 *
 * @param handOn told of each slice's bytes before it is written.
 */
export async function writeToStream(
  out: StreamOut,
  bytes: Uint8Array,
  patience: Patience,
  handOn: (bytes: number) => void = () => {},
): Promise<Taking> {
  let at = 0
  do {
    if (out.destroyed) return 'gone'
    if (patience.deadline.remainingMs() <= 0) return 'stalled'
    const slice = bytes.subarray(at, at + SLICE_BYTES)
    handOn(slice.length)
    if (!out.write(slice)) {
      const taking = await waitFor(out, patience, (taken) => {
        out.on('drain', taken)
        return () => out.off('drain', taken)
      })
      if (taking !== 'taken') return taking
    }
    at += SLICE_BYTES
  } while (at < bytes.length)
  return 'taken'
}

export async function endStream(out: StreamOut, patience: Patience): Promise<Taking> {
  if (out.destroyed) return 'gone'
  return await waitFor(out, patience, (taken) => {
    out.end(taken)
    return () => undefined
  })
}

/** An answer that is there already. */
export async function sendWhole(bytes: Uint8Array, out: StreamOut, patience: Patience): Promise<Taking> {
  const taking = await writeToStream(out, bytes, patience)
  return taking === 'taken' ? await endStream(out, patience) : taking
}

/** @param start begins to wait for what is hoped for, and gives back what ends that. */
function waitFor(
  out: StreamOut,
  { clock, deadline }: Patience,
  start: (taken: () => void) => () => unknown,
): Promise<Taking> {
  return new Promise((resolve) => {
    const end = (taking: Taking) => {
      stop()
      stopTimer()
      out.off('close', closed)
      out.off('error', closed)
      resolve(taking)
    }
    const closed = () => end('gone')
    out.on('close', closed)
    out.on('error', closed)
    const waitMs = Math.max(0, Math.min(MAX_IDLE_MS, deadline.remainingMs()))
    const stopTimer = clock.startTimer(waitMs, () => end('stalled'))
    const stop = start(() => end('taken'))
  })
}
