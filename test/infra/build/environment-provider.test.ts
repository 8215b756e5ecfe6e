import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultProvider } from '../../../infra/build/stand-ins/environment-provider.ts'

const settings = {
  GATEWAY_STACK: 'genesys-license-example',
  GENESYS_REGION: 'eu_west_1',
  GENESYS_ORG_ID: '00000000-0000-4000-8000-000000000000',
  GENESYS_ORG_NAME: 'Example Org',
  GATEWAY_AUTH: 'iam',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
}

describe('credentials in a bundle', () => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('are those of the environment', async () => {
    expect(await defaultProvider()()).toEqual({
      accessKeyId: 'id',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    })
  })

  it('are looked up once, with all that the environment is checked for', async () => {
    const credentials = defaultProvider()
    await credentials()
    vi.stubEnv('GENESYS_REGION', 'nowhere')
    expect(await credentials()).toMatchObject({ accessKeyId: 'id' })
  })

  it('have no session token where there is none', async () => {
    vi.stubEnv('AWS_SESSION_TOKEN', '')
    expect(await defaultProvider()()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' })
  })

  it('are missed with the name of the variable', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '')
    await expect(defaultProvider()()).rejects.toThrow(
      'The environment variable AWS_SECRET_ACCESS_KEY must be set',
    )
  })
})
