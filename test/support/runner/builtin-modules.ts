/**
 * Node's own modules are resolved here. Vitest has a hook that tells its main process of each that is required, over a
 * pipe, and dynalite requires one at each query: a tenth of the CPU of what uses the ledger. Of hooks the last registered
 * is asked first.
 */
import { isBuiltin, registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!isBuiltin(specifier)) return nextResolve(specifier, context)
    const url = specifier.startsWith('node:') ? specifier : `node:${specifier}`
    return { url, format: 'builtin', shortCircuit: true }
  },
})
