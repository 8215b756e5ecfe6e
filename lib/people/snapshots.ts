/** The port of what containers share for minutes: bytes by name, the newest alone. Nothing rests on it but speed. */
export interface Snapshot {
  /** As of when, epoch milliseconds. */
  readonly atMs: number
  readonly bytes: Uint8Array
}

/** Each method throws GatewayError `ledger.unavailable` (503) where the store cannot be reached or throttles. */
export interface Snapshots {
  /** @returns undefined where there is none from then on, or none that is whole. */
  get(name: string, fromMs: number): Promise<Snapshot | undefined>
  /** Takes the place of the one before, unless another came first meanwhile. */
  put(name: string, snapshot: Snapshot): Promise<void>
}
