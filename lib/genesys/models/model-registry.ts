import * as z from 'zod/mini'

/** The named schemas: Genesys's models under its own names, and the grammars of ids. */
export const models = z.registry<{ id: string }>()
