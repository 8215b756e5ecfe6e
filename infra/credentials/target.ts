/** Whose secrets are put: those of a running local gateway, or of an org's stack in AWS. */
import { resolve } from 'node:path'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { secretNames } from '../../lib/credentials/secret-names.ts'
import { originsOf } from '../../lib/genesys/regions.ts'
import { UsageError } from '../local/options.ts'
import { readRunFile } from '../local/run-file.ts'
import { LOCAL_ORG } from '../local/environment.ts'
import type { Provisioning } from './provision.ts'

type Target = Pick<Provisioning, 'client' | 'names' | 'apiOrigin'>

/**
 * @param name an org file's, or `local`.
 * @param directory where the local gateway keeps its state; only for `local`.
 * @throws UsageError where no org file has that name.
 * @throws Error with a sentence where no local gateway runs, or an org file is wrong.
 */
export async function targetOf(name: string, directory: string): Promise<Target> {
  const names = secretNames(name)
  if (name === LOCAL_ORG) {
    const { aws, org } = readRunFile(resolve(directory))
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const client = new SecretsManagerClient({ region: 'us-east-1', endpoint: aws, credentials })
    return { client, names, apiOrigin: org }
  }
  // A wrong org file throws as it is loaded, which must not stop the local gateway's credentials.
  const { orgs } = await import('../orgs/index.ts')
  const org = orgs.find((each) => each.name === name)
  if (!org) {
    const known = [...orgs.map((each) => each.name), LOCAL_ORG].join(', ')
    throw new UsageError(`There is no org named '${name}' in infra/orgs; known are ${known}`)
  }
  // Credentials, and the region where the org file leaves it open, are found as every AWS tool finds them.
  const client = new SecretsManagerClient(org.aws ? { region: org.aws.region } : {})
  return { client, names, apiOrigin: originsOf(org.region).api }
}
