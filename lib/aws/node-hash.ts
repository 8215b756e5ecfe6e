/** The hashes that the AWS SDK asks for, from Node alone. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'

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
    super(secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret)))
  }
}

export class Md5 extends NodeHash {
  constructor() {
    super(createHash('md5'))
  }
}

function bytesOf(given: Bytes): string | Uint8Array {
  if (typeof given === 'string') return given
  return ArrayBuffer.isView(given)
    ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    : new Uint8Array(given)
}
