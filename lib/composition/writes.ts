import { sendOnce } from '../changes/send-once.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import type { Composition } from '../http/lambda.ts'
import { container, type Machine } from './container.ts'

/** The composition root of functions that change Genesys: the write token, through `changes` and no other way. */
export function writes(
  environment: Environment = readEnvironment(),
  machine?: Machine,
): Composition<'write'> {
  const { clock, log, middlewares, scopeOf } = container(environment, 'WRITE_TOKEN_SECRET', machine)
  return {
    auth: environment.auth,
    clock,
    log,
    middlewares,
    contextFor: (call) => ({ changes: sendOnce(scopeOf(call)) }),
  }
}
