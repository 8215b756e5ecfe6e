/** Files asked for over raw sockets, from an operation whose rows the test plays. */
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ChangeRow } from '../../../lib/changes/answers/change-rows.ts'
import { listChanges } from '../../../lib/operations/changes/list-changes.ts'
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts'
import { type Bound, bearerFor, bound, originBefore, pathTo, records } from '../ports.ts'

/** The list of changes, its rows as the test has them. */
export function changesOf(rows: () => AsyncIterable<readonly ChangeRow[]>, clock = fakeClock()): Bound {
  return bound(
    listChanges,
    records({ changeRows: rows, changes: async () => ({ entities: [] }) }),
    'jwt',
    clock,
  )
}

export async function* partsOf(parts: Iterable<readonly ChangeRow[]>): AsyncGenerator<readonly ChangeRow[]> {
  yield* parts
}

export interface Asked {
  /** The header; undefined sends none. */
  readonly accept?: string | undefined
  readonly query?: string
  readonly method?: string
}

/** A connection on which the file has been asked for, and nothing read yet. */
export async function connectTo(
  bound: Bound,
  { accept, query = '', method = 'GET' }: Asked,
): Promise<Socket> {
  const { hostname, port } = new URL(await originBefore(bound))
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.write(
    [
      `${method} ${pathTo(bound.operation, { query })} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      `Authorization: ${bearerFor(bound.operation)}`,
      ...(accept === undefined ? [] : [`Accept: ${accept}`]),
      'Connection: close',
      '\r\n',
    ].join('\r\n'),
  )
  return socket
}

export interface FileAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The body, its chunks put together. */
  readonly body: Buffer
  /** Whether the last chunk came, which says that nothing is missing. */
  readonly isWhole: boolean
}

/** Asks, and reads until the connection ends, however it does. */
export async function ask(bound: Bound, asked: Asked): Promise<FileAnswer> {
  const socket = await connectTo(bound, asked)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => {
    socket.on('error', () => {})
    socket.on('close', resolve)
  })
  return answerIn(Buffer.concat(chunks))
}

/** Reads an answer of HTTP/1.1 as it stands on the wire: node's client would hide how it ended. */
function answerIn(bytes: Buffer): FileAnswer {
  const end = bytes.indexOf('\r\n\r\n')
  const [line = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers = Object.fromEntries(
    lines.map((each) => {
      const at = each.indexOf(':')
      return [each.slice(0, at).toLowerCase(), each.slice(at + 1).trim()]
    }),
  )
  const rest = bytes.subarray(end + 4)
  const isChunked = headers['transfer-encoding'] === 'chunked'
  const read = isChunked
    ? unchunk(rest)
    : { body: rest, isWhole: rest.length === Number(headers['content-length']) }
  return { status: Number(line.split(' ')[1]), headers, ...read }
}

function unchunk(bytes: Buffer): { body: Buffer; isWhole: boolean } {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return { body: Buffer.concat(chunks), isWhole: false }
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16)
    if (size === 0) {
      const isLast = bytes.subarray(lineEnd).toString('latin1') === '\r\n\r\n'
      return { body: Buffer.concat(chunks), isWhole: isLast }
    }
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}

/** Resolves once somebody waits, by a timer, and nothing moves any more. @returns how long at most, milliseconds. */
export async function untilWaiting(clock: FakeClock): Promise<number> {
  let quietTurns = 0
  let last: unknown
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve))
    const timer = clock.nextTimerMs()
    const turn = `${timer} ${clock.timersStarted()}`
    quietTurns = timer !== undefined && turn === last ? quietTurns + 1 : 0
    last = turn
    if (timer !== undefined && quietTurns > 200) return timer
  }
}
