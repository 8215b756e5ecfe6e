/** Before a real Genesys org, what writes is refused unless it was asked for. */

const READ_ONLY =
  'This gateway stands before a real Genesys org and was started without --allow-writes; writes can cost money'

/** @returns why an operation is refused, where it writes. */
export function refuseWrites({ effect }: { readonly effect: string }): string | undefined {
  return effect === 'write' || effect === 'schedule' ? READ_ONLY : undefined
}

export function refuse(): never {
  throw new Error(READ_ONLY)
}
