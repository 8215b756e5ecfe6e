/**
 * The secret cannot be used. The message is for the log: it names the secret's fault and the remedy, never its
 * value. Callers of the gateway only hear that the credentials are unavailable.
 */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError'
}
