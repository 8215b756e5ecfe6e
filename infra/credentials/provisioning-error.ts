/** A step failed. The message says which, and what to do, without secrets. */
export class ProvisioningError extends Error {
  override readonly name = 'ProvisioningError'
}

/** @throws ProvisioningError saying what failed and why, where `act` does not say so by itself. */
export async function explained<T>(doing: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (cause instanceof ProvisioningError) throw cause
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new ProvisioningError(`${doing} failed with ${why}`, { cause })
  }
}
