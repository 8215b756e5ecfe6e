/**
 * The secret cannot be used. The message is for the log: it names the secret's fault and the remedy, never its
 * value. Callers of the gateway only hear that the credentials are unavailable.
 */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError'
  /** Whether the same may go well in a while without anybody doing anything. */
  readonly isPassing: boolean
  constructor(
    message: string,
    { cause, isPassing = false }: ErrorOptions & { readonly isPassing?: boolean } = {},
  ) {
    super(message, { cause })
    this.isPassing = isPassing
  }
}
