/** What stands in for parts of the AWS SDK in the bundles; test/infra/build/bundle.test.ts has it at work there. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Sha256 } from '../../infra/build/stand-ins/checksum.ts'
import { loadConfig, resolveRegionConfig } from '../../infra/build/stand-ins/config.ts'
import { NodeHttpHandler, streamCollector } from '../../infra/build/stand-ins/http-handler.ts'

/** Unbundled, the SDK's client brings its own. */
const { sha256: SdkSha256 } = new SecretsManagerClient({ region: 'eu-west-1' }).config

describe('the hash in a bundle', () => {
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

describe('a setting in a bundle', () => {
  it('has its default, and that only when it is asked for', async () => {
    expect(await loadConfig({ default: 'standard' })()).toBe('standard')
    expect(await loadConfig({ default: async () => 3 })()).toBe(3)
    expect(await loadConfig({})()).toBeUndefined()
  })

  it('is a region in the form of one', async () => {
    const { region, useFipsEndpoint } = resolveRegionConfig({ region: 'eu-west-1' })
    expect(await region()).toBe('eu-west-1')
    expect(await useFipsEndpoint()).toBe(false)
    for (const wrong of ['', 'eu-west-1.example.com', 'eu/west', undefined]) {
      expect(() => resolveRegionConfig({ ...(wrong === undefined ? {} : { region: wrong }) })).toThrow(
        /needs an AWS region/,
      )
    }
  })
})

describe('the request handler in a bundle', () => {
  it('is the one handed in, its bodies left as they came', async () => {
    const handler = { handle: () => {} }
    expect(NodeHttpHandler.create(handler)).toBe(handler)
    const body = Buffer.from('{}')
    expect(await streamCollector(body)).toBe(body)
  })
})
