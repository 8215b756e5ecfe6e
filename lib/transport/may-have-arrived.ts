import { TransportError } from './transport.ts'

/** Whether what failed with this error may have been done all the same, as far as the transport knows. */
export function mayHaveArrived(error: unknown): boolean {
  if (error instanceof TransportError) return error.mayHaveArrived
  return error instanceof Error && error.cause !== undefined && mayHaveArrived(error.cause)
}
