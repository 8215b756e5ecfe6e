/**
 * Stands in for @aws-sdk/credential-provider-node inside the bundles (infra/build/bundles.ts): a Lambda's credentials are in
 * its environment and stay the same as long as the container lives: no profile, no SSO, no metadata service. It saves
 * 136 kB and 10 ms.
 */
import { type Environment, readEnvironment } from '../../../lib/environment.ts'

interface EnvironmentCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** @throws ConfigurationError when called without credentials in the environment. */
export function defaultProvider(): () => Promise<EnvironmentCredentials> {
  let credentials: EnvironmentCredentials | undefined
  // The SDK asks for each request.
  return async () => {
    credentials ??= credentialsOf(readEnvironment())
    return credentials
  }
}

function credentialsOf({ required, optional }: Environment): EnvironmentCredentials {
  return {
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    sessionToken: optional('AWS_SESSION_TOKEN'),
  }
}
