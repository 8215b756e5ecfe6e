import { AwsError } from './aws-error.ts'

/** A failure to come: AWS's short error name, its HTTP status (default 400) and how often (default once). */
export interface Failure {
  readonly type: string
  readonly status?: number
  readonly times?: number
  readonly message?: string
  /** Only for this secret id, as sent; any where absent. */
  readonly secretId?: string
}

/** Failures that actions have been told to have. */
export function createFailures() {
  const planned: { readonly action: string; readonly failure: Failure; left: number }[] = []
  return {
    plan(action: string, failure: Failure): void {
      planned.push({ action, failure, left: failure.times ?? 1 })
    },
    /** Throws the AwsError that this call was told to fail with, if any. */
    throwPlanned(action: string, secretId: string | null): void {
      const next = planned.find(
        (each) =>
          each.left > 0 &&
          each.action === action &&
          (each.failure.secretId === undefined || each.failure.secretId === secretId),
      )
      if (!next) return
      next.left -= 1
      const { type, status, message = `${action} was told to fail.` } = next.failure
      throw new AwsError(type, message, status)
    },
  }
}
