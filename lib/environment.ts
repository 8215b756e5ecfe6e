/**
 * The one place of lib that reads process.env. Every function's settings come from here, checked once when the container
 * starts: a wrong one stops the function with a sentence that names the variable.
 */
import { ConfigurationError } from './errors.ts'
import { isRegion, type Origins, originsOf } from './genesys/regions.ts'
import type { OrgIdentity } from './operation.ts'

export type Auth = 'iam' | 'jwt'

/** As the SDKs' variables AWS_ENDPOINT_URL_* name them. */
const awsServices = [
  'SECRETS_MANAGER',
  'DYNAMODB',
  'EVENTBRIDGE',
  'SCHEDULER',
  'SQS',
  'LAMBDA',
  'S3',
] as const
export type AwsService = (typeof awsServices)[number]

export interface Environment {
  /** The stack's name, which is one Genesys org; the metrics' dimension. */
  readonly stack: string
  /** AWS region of the function, e.g. `eu-west-1`. */
  readonly awsRegion: string
  readonly origins: Origins
  readonly org: OrgIdentity
  /** How callers prove who they are at API Gateway. */
  readonly auth: Auth
  /** Endpoint of an AWS service where it is not AWS's own: the laptop's stand-in. */
  endpointOf(service: AwsService): string | undefined
  /** Where Slack's and Teams' own services are, where they are not theirs: the laptop's stand-in. */
  readonly chatOrigin: string | undefined
  /** A further variable that only some functions have. @throws ConfigurationError when it is not set. */
  required(name: string): string
  /** A variable that may be absent. */
  optional(name: string): string | undefined
}

/** The overrides of hosts exist on the laptop only: inside Lambda they are an error, elsewhere they must be loopback. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/

/**
 * Reads the settings all functions share.
 *
 * @param variables the environment; process.env unless a test hands in another.
 * @throws ConfigurationError naming the first variable that is missing or wrong.
 */
export function readEnvironment(variables: Readonly<NodeJS.ProcessEnv> = process.env): Environment {
  const optional = (name: string) => variables[name] || undefined
  const required = (name: string) => {
    const value = optional(name)
    if (value === undefined) throw new ConfigurationError(`The environment variable ${name} must be set`)
    return value
  }
  const loopback = (name: string) => {
    const value = optional(name)
    if (value === undefined) return undefined
    if (optional('AWS_LAMBDA_FUNCTION_NAME')) {
      throw new ConfigurationError(`${name} is for the laptop only and must not be set inside Lambda`)
    }
    if (!LOOPBACK.test(value)) {
      throw new ConfigurationError(
        `${name} must be http://127.0.0.1:PORT: it is the laptop's stand-in, and the real hosts are known without it`,
      )
    }
    return value
  }

  const region = required('GENESYS_REGION')
  if (!isRegion(region)) {
    throw new ConfigurationError(
      `GENESYS_REGION must be a Genesys Cloud region such as us_east_1, not '${region}'`,
    )
  }
  const auth = required('GATEWAY_AUTH')
  if (auth !== 'iam' && auth !== 'jwt') {
    throw new ConfigurationError(`GATEWAY_AUTH must be iam or jwt, not '${auth}'`)
  }
  const real = originsOf(region)
  const endpoints = new Map(awsServices.map((service) => [service, loopback(`AWS_ENDPOINT_URL_${service}`)]))
  return {
    stack: required('GATEWAY_STACK'),
    awsRegion: required('AWS_REGION'),
    origins: {
      api: loopback('GENESYS_API_URL') ?? real.api,
      login: loopback('GENESYS_LOGIN_URL') ?? real.login,
    },
    org: { id: required('GENESYS_ORG_ID'), name: required('GENESYS_ORG_NAME') },
    auth,
    endpointOf: (service) => endpoints.get(service),
    chatOrigin: loopback('CHAT_LOOPBACK_ORIGIN'),
    required,
    optional,
  }
}
