import * as z from 'zod/mini'
import { AwsError } from './aws-error.ts'

/** The same as a request has them: POST /__aws/failures. */
export const AwsFailures = z.array(
  z.strictObject({
    action: z.string().check(z.minLength(1)),
    type: z.string().check(z.minLength(1)),
    status: z.optional(z.int().check(z.minimum(400), z.maximum(599))),
    times: z.optional(z.int().check(z.minimum(1))),
    hangs: z.optional(z.boolean()),
    message: z.optional(z.string()),
    secretId: z.optional(z.string()),
    entry: z.optional(z.int().check(z.minimum(0))),
  }),
)

/** A failure to come: AWS's short error name, its HTTP status (default 400) and how often (default once). */
export interface AwsFailure {
  readonly type: string
  readonly status?: number | undefined
  readonly times?: number | undefined
  /** In place of the error no answer comes at all, for as long as the caller waits. */
  readonly hangs?: boolean | undefined
  readonly message?: string | undefined
  /** Only for this secret id, as sent; any where absent. */
  readonly secretId?: string | undefined
  /** Of PutEvents: not the request, but its entry at this place is refused, inside an answer of 200. */
  readonly entry?: number | undefined
}

/** Failures that actions have been told to have. */
export function createFailures() {
  let planned: { readonly action: string; readonly failure: AwsFailure; left: number }[] = []

  function take(action: string, isMeant: (failure: AwsFailure) => boolean): AwsFailure | undefined {
    const next = planned.find((each) => each.left > 0 && each.action === action && isMeant(each.failure))
    if (!next) return undefined
    next.left -= 1
    return next.failure
  }

  return {
    plan(action: string, failure: AwsFailure): void {
      planned.push({ action, failure, left: failure.times ?? 1 })
    },
    /** Forgets those that are still to come. */
    clear(): void {
      planned = []
    },
    /** Throws the AwsError that this call was told to fail with, if any. @returns whether it was told to hang. */
    throwPlanned(action: string, secretId: string | null): boolean {
      const failure = take(
        action,
        (each) => each.entry === undefined && (each.secretId === undefined || each.secretId === secretId),
      )
      if (!failure) return false
      if (failure.hangs) return true
      const { type, status, message = `${action} was told to fail.` } = failure
      throw new AwsError(type, message, status)
    },
    /** Whether an AWS service that does this by itself was told to fail at it. */
    isPlanned: (action: string): boolean =>
      take(action, ({ entry, secretId }) => entry === undefined && secretId === undefined) !== undefined,
    /** The code with which this entry was told to be refused, if any. */
    refusalOf: (action: string, entry: number): string | undefined =>
      take(action, (each) => each.entry === entry)?.type,
  }
}
