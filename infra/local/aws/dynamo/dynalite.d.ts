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

  /** What is wrong with an item's keys, as an answer of DynamoDB; undefined or null where nothing is. */
  export function validateItem(item: unknown, table: unknown): DynaliteFault | null | undefined
  export function matchesExprFilter(item: unknown, expression: unknown): boolean
  /** Bytes, as DynamoDB counts them. */
  export function itemSize(item: unknown): number

  /** Thrown or given back in place of an answer. */
  export interface DynaliteFault extends Error {
    readonly statusCode: number
    readonly body: Readonly<Record<string, unknown>>
  }
}

declare module 'dynalite/validations/index.js' {
  /** Each throws a DynaliteFault. */
  export function checkTypes(input: unknown, types: unknown): CheckedPut
  export function checkValidations(input: CheckedPut, types: unknown, custom: unknown, store: unknown): void

  /** A put whose condition is parsed. */
  export interface CheckedPut {
    readonly TableName: string
    readonly Item: Readonly<Record<string, unknown>>
    readonly _condition?: { readonly expression: unknown }
  }
}

declare module 'dynalite/validations/putItem.js' {
  export const types: unknown
  export const custom: unknown
}
