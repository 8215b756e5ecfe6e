/** What came in the way of a sign-in, as a sentence that says how to go on. */
import { ToldError } from '../api/problems.ts'
import { isOfClock, refusalIn } from './authorization.ts'

export function sentenceForSignIn(error: unknown): string {
  if (error instanceof ToldError) return error.message
  const refusal = refusalIn(error)
  // Providers say the same where somebody turns back, and where they may not come in.
  if (refusal === 'access_denied')
    return 'The sign-in was broken off, or the identity provider does not let you in. Try again, or ask whoever runs the gateway.'
  if (refusal !== undefined) return `The identity provider refused the sign-in (${refusal}). Try again.`
  if (isOfClock(error))
    return 'The clock of this device is wrong, and the sign-in cannot be checked by it. Set it right, then try again.'
  if (error instanceof TypeError)
    return 'The identity provider does not answer. Look at your connection, then try again.'
  return 'The sign-in did not work. Try again; if it goes on, tell whoever runs the gateway.'
}
