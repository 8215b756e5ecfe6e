/**
 * Stands in for @smithy/core/event-streams inside the bundles (infra/build.ts). The Lambda client wants it at hand for
 * an operation that streams events, others load it when they meet one; none that is used here does. It saves 15 kB.
 */

export const eventStreamSerdeProvider = (): undefined => undefined

/** @returns the client's settings, to which it would add what reads streams. */
export function resolveEventStreamSerdeConfig<C>(config: C): C {
  return config
}
