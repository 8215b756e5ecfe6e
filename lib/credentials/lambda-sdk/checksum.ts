/**
 * Stands in for @smithy/core/checksum inside the bundles (infra/build.ts): the SHA-256 that requests are signed with,
 * from Node alone. The SDK's own brings an implementation in JavaScript for runtimes without one. It saves 4 kB.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'

type Bytes = string | ArrayBuffer | Uint8Array

/** The SDK's interface of a hash, keyed where it is given a secret. */
export class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }

  update(part: Bytes): void {
    this.#hash.update(bytesOf(part))
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

function bytesOf(given: Bytes): string | Uint8Array {
  return given instanceof ArrayBuffer ? new Uint8Array(given) : given
}
