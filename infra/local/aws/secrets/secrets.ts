import { randomUUID } from 'node:crypto'
import type { LocalAws } from '../local-aws.ts'
import { newSecret, putValue, type SecretValue } from './secret.ts'
import type { KeptSecrets } from './secret-store.ts'

/** What the code beside a running stand-in may do to its secrets without a request. `now` is epoch milliseconds. */
export function secretsOf(
  store: KeptSecrets,
  now: () => number,
): Pick<LocalAws, 'createSecret' | 'putSecret'> {
  return {
    createSecret({ name, rotation: isRotationEnabled = false, value }) {
      let secret = store.find(name)
      if (!secret) {
        secret = newSecret(name, isRotationEnabled, now() / 1000)
        if (value !== undefined) putValue(secret, randomUUID(), held(value), ['AWSCURRENT'], now() / 1000)
        store.add(secret)
      }
      secret.isRotationEnabled = isRotationEnabled
      store.save()
      return { arn: secret.arn }
    },
    putSecret(secretId, value) {
      putValue(store.get(secretId), randomUUID(), held(value), ['AWSCURRENT'], now() / 1000)
      store.save()
    },
  }
}

function held(value: string | Uint8Array): SecretValue {
  return typeof value === 'string' ? { string: value } : { base64: Buffer.from(value).toString('base64') }
}
