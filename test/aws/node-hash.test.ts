import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Sha256 } from '../../lib/aws/node-hash.ts'

/** The SDK's client brings its own. */
const { sha256: SdkSha256 } = new SecretsManagerClient({ region: 'eu-west-1' }).config

describe('the hash that requests are signed with', () => {
  it('is the same whenever the same key is used', async () => {
    const key = Buffer.from('a key of the day')
    const digests = ['first', 'first', 'second'].map((part) => {
      const hash = new Sha256(key)
      hash.update(part)
      return hash.digest()
    })
    const [first, again, second] = (await Promise.all(digests)).map((digest) => digest.toString())
    expect(again).toBe(first)
    expect(second).not.toBe(first)
  })

  it("is the SDK's own, with a key and without, in one part and in several", async () => {
    const bytes = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 200 }))
    await fc.assert(
      fc.asyncProperty(fc.option(bytes, { nil: undefined }), fc.array(bytes), async (secret, parts) => {
        fc.pre(secret === undefined || secret.length > 0)
        const ours = new Sha256(secret)
        const theirs = new SdkSha256(secret)
        for (const part of parts) {
          ours.update(part)
          theirs.update(Buffer.from(part))
        }
        expect(Buffer.from(await ours.digest()).toString('hex')).toBe(
          Buffer.from(await theirs.digest()).toString('hex'),
        )
      }),
    )
  })
})
