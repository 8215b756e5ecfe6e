/** The port of what containers share for minutes: bytes by name, the newest alone, and who may make the next. Nothing rests on it but speed. */
export interface Snapshot {
  /** As of when, epoch milliseconds. */
  readonly atMs: number
  readonly bytes: Uint8Array
}

/** Who makes what is shared next: whoever has put the highest fencing token, until its time is over. */
export interface WalkLease {
  /** One higher with each holder: what a holder shares late, after another had taken over, is left. */
  readonly fencingToken: number
  /** Epoch milliseconds; 0 once it was given back. */
  readonly untilMs: number
  /** By the token that upstream counts requests of: until when no request of it is to be spent on this. Epoch milliseconds. */
  readonly pausedUntilMs: Readonly<Record<string, number>>
  /** Why, by the same token. */
  readonly pauses?: Readonly<Record<string, Pause>> | undefined
}

/** `half`: walks have had their share of the minute; `refused`: Genesys answered 429; `never.fits`: the users are too many for any minute. */
export interface Pause {
  readonly why: 'half' | 'refused' | 'never.fits'
  /** What page 1 had of users and pages. */
  readonly total?: number | undefined
  readonly pageCount: number
}

/** Each method throws GatewayError `ledger.unavailable` (503) where the store cannot be reached or throttles. */
export interface Snapshots {
  /** @returns undefined where there is none from then on, or none that is whole. */
  get(name: string, fromMs: number): Promise<Snapshot | undefined>
  /**
   * Takes the place of the one before, unless another came first meanwhile.
   *
   * @param fencingToken of the lease under which it was made: one that was made under a later lease stays.
   */
  put(name: string, snapshot: Snapshot, fencingToken?: number): Promise<void>
  lease(name: string): Promise<WalkLease | undefined>
  /** @returns false where the lease is no longer as it was seen. */
  putLease(name: string, next: WalkLease, seen: WalkLease | undefined): Promise<boolean>
}
