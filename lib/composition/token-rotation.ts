import { secretsClient } from '../aws/secrets-client.ts'
import { systemClock } from '../clock.ts'
import { rotation } from '../credentials/rotate-token.ts'
import { rotationSecrets } from '../credentials/rotation-secrets.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { handlerOf } from '../invocation.ts'
import { tokenLog } from '../observe/token-log.ts'
import { nodeTransport } from '../transport/transport.ts'

/** The composition root of the rotation function: the only one that reads a client secret. */
export function tokenRotation(environment: Environment = readEnvironment()) {
  const rotate = rotation({
    secrets: rotationSecrets(
      secretsClient(nodeTransport, environment.awsRegion, environment.endpointOf('SECRETS_MANAGER')),
    ),
    pairs: [
      {
        token: environment.required('READ_TOKEN_SECRET'),
        client: environment.required('READ_CLIENT_SECRET'),
      },
      {
        token: environment.required('WRITE_TOKEN_SECRET'),
        client: environment.required('WRITE_CLIENT_SECRET'),
      },
    ],
    origins: environment.origins,
    transport: nodeTransport,
    clock: systemClock,
    onFailure: tokenLog(environment.stack, systemClock).noteFailedRotation,
  })
  return handlerOf(rotate)
}
