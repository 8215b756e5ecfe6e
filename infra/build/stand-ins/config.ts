/**
 * Stands in for @smithy/core/config inside the bundles (infra/build/bundles.ts). The SDK's own looks for each setting that it
 * was not handed in the environment, in two files and with the metadata service; the gateway hands in those that
 * matter (lib/aws/client-settings.ts), and here all others have their defaults. It saves 8 kB and 3 ms:
 * node:fs/promises and node:os are not loaded, no file is looked for.
 *
 * It has what the clients in use import and no more: an SDK that wants more does not build.
 */

interface SdkSetting<T> {
  readonly default?: T | (() => Promise<T>)
}

/** A setting's default, once it is asked for. */
export function loadConfig<T>({ default: value }: SdkSetting<T>): () => Promise<T | undefined> {
  return async () => (value instanceof Function ? value() : value)
}

interface RegionConfig {
  region?: string | (() => Promise<string>)
}

/** @throws Error without a region, or with one that is no name for a host's part. */
export function resolveRegionConfig<C extends RegionConfig>(config: C) {
  const { region } = config
  if (typeof region !== 'string' || !/^[a-z0-9-]{1,63}$/.test(region)) {
    throw new Error('An AWS client needs an AWS region such as eu-west-1')
  }
  return Object.assign(config, { region: async () => region, useFipsEndpoint: async () => false })
}

/** The gateway names a mode; another than `standard` would change timeouts that its own request handler sets. */
export function resolveDefaultsModeConfig(): () => Promise<'standard'> {
  return async () => 'standard'
}

export const NODE_REGION_CONFIG_OPTIONS: SdkSetting<string> = {}
export const NODE_REGION_CONFIG_FILE_OPTIONS = {}
export const NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS: SdkSetting<boolean> = { default: false }
export const NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS: SdkSetting<boolean> = { default: false }

// What follows is imported by modules of the SDK that are not reached.
export const REGION_ENV_NAME = 'AWS_REGION'
export const REGION_INI_NAME = 'region'
export const CONFIG_PREFIX_SEPARATOR = '.'
export const SelectorType = { ENV: 'env', CONFIG: 'shared config entry' } as const
export const booleanSelector = (): undefined => undefined
export class ProviderError extends Error {}
