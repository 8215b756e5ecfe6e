/** What stands in for parts of the AWS SDK in the bundles; bundles.test.ts has it at work there. */
import { describe, expect, it } from 'vitest'
import { loadConfig, resolveRegionConfig } from '../../../infra/build/stand-ins/config.ts'
import { NodeHttpHandler, streamCollector } from '../../../infra/build/stand-ins/http-handler.ts'

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
