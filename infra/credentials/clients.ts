/** The two OAuth clients of an org, as they are asked for. */
import type { ClientCredentials } from '../../lib/credentials/client-credentials.ts'
import type { SecretQuestion } from './questions.ts'

/** One may read licenses, the other may grant them. */
export interface Clients {
  readonly read: ClientCredentials
  readonly write: ClientCredentials
}

export const clientQuestions: readonly SecretQuestion[] = [
  { prompt: 'Read client, id: ', isSecret: false, variable: 'GENESYS_READ_CLIENT_ID' },
  { prompt: 'Read client, secret (not shown): ', isSecret: true, variable: 'GENESYS_READ_CLIENT_SECRET' },
  { prompt: 'Write client, id: ', isSecret: false, variable: 'GENESYS_WRITE_CLIENT_ID' },
  { prompt: 'Write client, secret (not shown): ', isSecret: true, variable: 'GENESYS_WRITE_CLIENT_SECRET' },
]

/** @param answers in the questions' order. */
export function clientsOf([
  readId = '',
  readSecret = '',
  writeId = '',
  writeSecret = '',
]: readonly string[]): Clients {
  return {
    read: { clientId: readId, clientSecret: readSecret },
    write: { clientId: writeId, clientSecret: writeSecret },
  }
}
