/** The hashes that the AWS SDK asks for, from Node alone. */
import { createHash, createHmac, createSecretKey, type Hash, type Hmac, type KeyObject } from 'node:crypto'

type Bytes = string | ArrayBuffer | ArrayBufferView

/** The SDK's interface of a hash. */
class NodeHash {
  readonly #hash: Hash | Hmac
  constructor(hash: Hash | Hmac) {
    this.#hash = hash
  }

  update(part: Bytes): void {
    this.#hash.update(bytesOf(part))
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

/** Keyed where it is given a secret. */
export class Sha256 extends NodeHash {
  constructor(secret?: Bytes) {
    super(secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(secret)))
  }
}

export class Md5 extends NodeHash {
  constructor() {
    super(createHash('md5'))
  }
}

/**
 * The signer has one key a day and service. Handed on as bytes it becomes a key object anew each time, which is 7 µs of
 * the 9 that an HMAC then takes.
 */
const keys = new WeakMap<object, KeyObject>()

function keyOf(secret: Bytes): string | Uint8Array | KeyObject {
  if (typeof secret === 'string' || secret.byteLength === 0) return bytesOf(secret)
  const known = keys.get(secret)
  if (known) return known
  const key = createSecretKey(Buffer.from(bytesOf(secret)))
  keys.set(secret, key)
  return key
}

function bytesOf(given: Bytes): string | Uint8Array {
  if (typeof given === 'string') return given
  return ArrayBuffer.isView(given)
    ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    : new Uint8Array(given)
}
