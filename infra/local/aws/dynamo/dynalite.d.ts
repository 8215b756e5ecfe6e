/** As much of dynalite's interface as is used here; it brings no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http'

  interface DynaliteOptions {
    /** Directory of the LevelDB store; in memory without it. */
    readonly path?: string
    /** How long a table stays in the state CREATING. */
    readonly createTableMs?: number
  }

  /** @returns a server that does not listen yet; closing it closes the store. */
  function dynalite(options?: DynaliteOptions): Server
  export = dynalite
}

declare module 'dynalite/db/index.js' {
  /** The LevelDB store beneath, which opens by itself too. */
  interface Store {
    readonly db: { open(): Promise<void>; close(): Promise<void> }
  }

  export function create(options: { readonly path: string }): Store
}
