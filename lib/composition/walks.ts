import { within } from '../aws/client-settings.ts'
import { ledgerClient } from '../aws/dynamo-client.ts'
import { pacingWithin } from '../clock.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { GenesysReads } from '../genesys/genesys-reads.ts'
import type { Composition } from '../http/lambda.ts'
import { dynamoSnapshots } from '../ledger/dynamo-snapshots.ts'
import { readLicensesOfAll } from '../people/read-licenses.ts'
import { bindGenesys } from './bindings/bind-genesys.ts'
import { type Machine, machine } from './bindings/machine.ts'

/** The composition root of functions that read the whole organization: the read token, and what walks share. */
export function walks(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): Composition<'walk'> {
  const { clock, log, middlewares, scopeOf } = bindGenesys(environment, 'READ_TOKEN_SECRET', on)
  const client = ledgerClient(on.transport, environment.awsRegion, environment.endpointOf('DYNAMODB'))
  const tableName = environment.required('LEDGER_TABLE')
  return {
    auth: environment.auth,
    clock,
    log,
    middlewares,
    contextFor(call) {
      const { deadline } = call
      const snapshots = dynamoSnapshots({
        client: within(client, deadline),
        tableName,
        clock: pacingWithin(clock, deadline),
      })
      const sharing = { snapshots, clock, deadline }
      return {
        org: environment.org,
        licensesOfAll: () => readLicensesOfAll(new GenesysReads(scopeOf(call)), sharing),
      }
    },
  }
}
