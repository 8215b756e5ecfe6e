/** Writing to what Lambda streams an answer by, no faster than it is taken. */

/** As much of a stream as the runtime's own is: it looks like one, and is none of Node's. */
export interface StreamOut {
  readonly destroyed: boolean
  write(chunk: Uint8Array | string): boolean
  end(done: () => void): unknown
  on(event: 'close' | 'error' | 'drain', listener: () => void): unknown
  off(event: 'close' | 'error' | 'drain', listener: () => void): unknown
}

/** @returns whether it was taken, or can be: false where nobody takes anything any more. */
export async function writeToStream(out: StreamOut, chunk: Uint8Array | string): Promise<boolean> {
  if (out.destroyed) return false
  if (out.write(chunk)) return true
  return await untilClosedOr(out, (taken) => {
    out.on('drain', taken)
    return () => out.off('drain', taken)
  })
}

/** @returns whether all of it was taken. */
export async function endStream(out: StreamOut): Promise<boolean> {
  if (out.destroyed) return false
  return await untilClosedOr(out, (taken) => {
    out.end(taken)
    return () => undefined
  })
}

/** @param start begins to wait for what is hoped for, and gives back what ends that. */
function untilClosedOr(out: StreamOut, start: (taken: () => void) => () => unknown): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isTaken: boolean) => {
      stop()
      out.off('close', closed)
      out.off('error', closed)
      resolve(isTaken)
    }
    const closed = () => end(false)
    out.on('close', closed)
    out.on('error', closed)
    const stop = start(() => end(true))
  })
}
