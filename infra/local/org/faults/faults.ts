import { validateHeaderName, validateHeaderValue } from 'node:http'
import * as z from 'zod/mini'

const wholeNumber = (min: number, max?: number) => {
  const rule = `must be a whole number from ${min}${max === undefined ? '' : ` to ${max}`}`
  return z.int(rule).check(z.gte(min, rule), z.lte(max ?? Number.MAX_SAFE_INTEGER, rule))
}
const count = wholeNumber(0)
const difference = z.int('must be a whole number')
const headers = z
  .record(z.string(), z.union([z.string(), z.number()]), 'must be an object')
  .check(z.refine((value) => Object.entries(value).every(isSendable), 'must be header names and values'))

function isSendable([name, value]: [string, string | number]): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, String(value))
    return true
  } catch {
    return false
  }
}

const FaultAction = z.union(
  [
    z.strictObject({
      status: wholeNumber(200, 599),
      headers: z.optional(headers),
      body: z.optional(z.unknown()),
      bodyBase64: z.optional(z.base64()),
    }),
    z.strictObject({ delayMs: count }),
    z.strictObject({ reset: z.literal(true) }),
    z.strictObject({ truncateAtByte: count }),
    z.strictObject({ stallAfterBytes: count }),
    z.strictObject({ applyThenReset: z.literal(true) }),
    z.strictObject({ dropThenApplyAfterMs: count }),
    z.strictObject({ staleReadMs: count }),
    z.strictObject({ revokeToken: z.literal(true) }),
    z.strictObject({
      lie: z.strictObject({
        cutBy: z.optional(count),
        shiftBy: z.optional(difference),
        totalBy: z.optional(difference),
        pageCountBy: z.optional(difference),
      }),
    }),
  ],
  'must be exactly one of { status, headers?, body?, bodyBase64? }, { delayMs }, { reset: true }, { truncateAtByte }, ' +
    '{ stallAfterBytes }, { applyThenReset: true }, { dropThenApplyAfterMs }, { staleReadMs }, { revokeToken: true }, ' +
    '{ lie: { cutBy?, shiftBy?, totalBy?, pageCountBy? } }',
)

const OrgFault = z.strictObject(
  {
    match: z.strictObject(
      {
        method: z.optional(z.string()),
        path: z.optional(z.string()),
        pageNumber: z.optional(wholeNumber(1)),
      },
      'must be { method?, path? } in strings, { pageNumber? } in whole numbers',
    ),
    skip: z.optional(count),
    times: z.optional(wholeNumber(1)),
    do: FaultAction,
  },
  'must be { match, skip?, times?, do }',
)

/**
 * What a fault does to a request.
 * - `status`: answers so without carrying out anything; a string body goes out raw, any other as JSON, `bodyBase64`
 *   as bytes, none as an empty one.
 * - `delayMs`: waits, then serves as usual.
 * - `reset`: resets the connection, nothing is carried out.
 * - `truncateAtByte`: serves, but cuts the connection after so many bytes of the body.
 * - `stallAfterBytes`: serves headers and so many bytes of the body, then nothing; the connection stays open.
 * - `applyThenReset`: carries it out, then resets the connection.
 * - `dropThenApplyAfterMs`: closes the connection without an answer, carries it out so much later.
 * - `staleReadMs`: from now on and for so long, reads see the state before the last write (whichever that is when
 *   they read); this request is served as usual.
 * - `revokeToken`: revokes the request's token and answers 401.
 * - `lie`: serves a page of people (licenses, directory) that is not so: `cutBy` of its last are missing, it begins `shiftBy`
 *   places later, as where somebody before has left meanwhile (or earlier: it repeats), `totalBy` and `pageCountBy` are
 *   added to what it says of the whole. Nothing else is served otherwise.
 */
export type FaultAction = z.output<typeof FaultAction>

/**
 * A fault: `match.path` equals the path as received, `match.pageNumber` what its query says; what is
 * absent matches any. The first `skip` matches are let through (default 0), then `times` (default 1) are acted on.
 */
export type OrgFault = z.input<typeof OrgFault>

/** Parses what POST /__org/faults was sent; throws an Error whose message is a sentence about the first mistake. */
export function parseFaults(input: unknown): OrgFault[] {
  const { success, data, error } = z.array(OrgFault, 'must be an array').safeParse(input)
  if (success) return data
  const [issue] = error.issues
  const [index, ...path] = issue?.path ?? []
  const place = index === undefined ? 'The list of faults' : [`Fault ${String(index)}`, ...path].join('.')
  throw new Error(`${place} is refused: ${issue?.message ?? 'not a fault'}.`)
}

/** Without one it is the first page. */
function pageNumberIn(query: string): number {
  return Number(new URLSearchParams(query).get('pageNumber') ?? '1')
}

interface PendingFault {
  readonly match: OrgFault['match']
  skip: number
  times: number
  readonly do: FaultAction
}

/** The faults that are still to happen. The first one that matches decides, also where it lets a request through. */
export function createFaultBook() {
  let faults: PendingFault[] = []
  return {
    add(added: readonly OrgFault[]): void {
      faults.push(...added.map((fault) => ({ ...fault, skip: fault.skip ?? 0, times: fault.times ?? 1 })))
    },
    /** Counts one request against the faults; what to do to it, undefined to serve it as usual. */
    take(method: string, path: string, query = ''): FaultAction | undefined {
      const fault = faults.find(
        ({ match }) =>
          (match.method === undefined || match.method.toUpperCase() === method) &&
          (match.path === undefined || match.path === path) &&
          (match.pageNumber === undefined || match.pageNumber === pageNumberIn(query)),
      )
      if (!fault) return undefined
      if (fault.skip > 0) {
        fault.skip -= 1
        return undefined
      }
      fault.times -= 1
      if (fault.times === 0) faults = faults.filter((each) => each !== fault)
      return fault.do
    },
    /** What remains, `skip` and `times` counted down. */
    list: (): OrgFault[] => faults.map((fault) => ({ ...fault })),
    clear: () => {
      faults = []
    },
  }
}

/** The faults of one org. */
export type FaultBook = ReturnType<typeof createFaultBook>
