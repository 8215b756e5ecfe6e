import { AwsError } from './aws-error.ts'

/** A failure to come: AWS's short error name, its HTTP status (default 400) and how often (default once). */
export interface AwsFailure {
  readonly type: string
  readonly status?: number
  readonly times?: number
  /** In place of the error no answer comes at all, for as long as the caller waits. */
  readonly hangs?: boolean
  readonly message?: string
  /** Only for this secret id, as sent; any where absent. */
  readonly secretId?: string
  /** Of PutEvents: not the request, but its entry at this place is refused, inside an answer of 200. */
  readonly entry?: number
}

/** Failures that actions have been told to have. */
export function createFailures() {
  const planned: { readonly action: string; readonly failure: AwsFailure; left: number }[] = []

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
    /** The code with which this entry was told to be refused, if any. */
    refusalOf: (action: string, entry: number): string | undefined =>
      take(action, (each) => each.entry === entry)?.type,
  }
}
