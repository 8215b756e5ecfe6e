/**
 * One function in a process of its own, as a Lambda's container: nothing else here is of `lib`, so whatever of it is
 * loaded or passed was for the function. Arguments: the function's file. Its sources run as they are, not bundled, so
 * what a build puts in the place of parts of the AWS SDK is not seen.
 */
import { Session } from 'node:inspector/promises'
import { basename, dirname, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { lambdaContext } from '../../../infra/local/lambda-context.ts'

/** Source files from the project's folder, e.g. `lib/errors.ts`. */
export interface Counted {
  /** Those that Node has loaded for the function. One that holds types alone is not among them. */
  readonly loaded: readonly string[]
  /**
   * Those of which a function has run since all were loaded, and the file of the handler, where the walk begins. What a
   * module does as it is loaded is no function.
   */
  readonly passed: readonly string[]
}

/** What the parent orders: an event for the function, or what was counted so far. */
export type Order =
  | { readonly kind: 'invoke'; readonly number: number; readonly event: unknown }
  | { readonly kind: 'count'; readonly number: number }

/** What the parent is told: that the function is loaded, and then, by an order's number, what came of it. */
export type Told =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly number: number; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly number: number; readonly error: unknown }

type Handler = (event: unknown, context: unknown) => Promise<unknown>

const root = dirname(dirname(dirname(import.meta.dirname)))
const OURS = /^(lib|functions)\//

const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })

/** Those of which anything has run since it was asked before, with whether that was more than the module itself. */
async function sourcesRun(): Promise<Map<string, boolean>> {
  const { result } = await session.post('Profiler.takePreciseCoverage')
  return new Map(
    result.flatMap(({ url, functions }) => {
      const source = url.startsWith('file:') ? relative(root, fileURLToPath(url)) : ''
      if (!OURS.test(source)) return []
      // The module itself is a function too, the one that begins where the file does.
      const hasPassed = functions.some(
        ({ ranges: [whole] }) => whole && whole.startOffset > 0 && whole.count > 0,
      )
      return [[source, hasPassed] as const]
    }),
  )
}

/** A module without a value to import is types alone. */
async function hasValues(source: string): Promise<boolean> {
  return Object.keys(await import(pathToFileURL(`${root}/${source}`).href)).length > 0
}

const file = process.argv[2] ?? ''
const { handler }: { handler: Handler } = await import(pathToFileURL(file).href)
const atStart = await sourcesRun()

async function count(): Promise<Counted> {
  const since = await sourcesRun()
  const withValues = await Promise.all(
    [...new Set([...atStart.keys(), ...since.keys()])].map(async (source) =>
      (await hasValues(source)) ? [source] : [],
    ),
  )
  const loaded = withValues.flat().sort()
  return { loaded, passed: loaded.filter((source) => source === relative(root, file) || since.get(source)) }
}

/** A parent that is gone, as at a test's time-out, is no error here. */
function tell(told: Told): void {
  process.send?.(told, undefined, undefined, () => {})
}

async function carryOut(order: Order): Promise<void> {
  const { kind, number } = order
  try {
    const context = lambdaContext(basename(file, '.ts'))
    tell({ kind: 'done', number, answer: await (kind === 'count' ? count() : handler(order.event, context)) })
  } catch (error) {
    tell({ kind: 'failed', number, error })
  }
}

process.on('message', (order: Order) => void carryOut(order))
process.once('disconnect', () => process.exit())
tell({ kind: 'ready' })
