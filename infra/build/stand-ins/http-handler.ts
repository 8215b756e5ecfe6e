/**
 * Stands in for @smithy/node-http-handler inside the bundles (infra/build/bundles.ts): the gateway hands each client a
 * request handler of its own, whose answers are whole (lib/aws/client-settings.ts). It saves 8 kB and
 * less than 1 ms.
 */
export const NodeHttpHandler = {
  /** @returns the handler that the client was made with. */
  create: <H>(handler: H): H => handler,
}

/** @returns the body as it came: there are no streams to collect. */
export async function streamCollector(body: Uint8Array): Promise<Uint8Array> {
  return body
}
