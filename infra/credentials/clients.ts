/** Where the OAuth clients come from: asked for on a terminal, else named environment variables. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { ClientCredentials } from '../../lib/credentials/client-credentials.ts'
import { UsageError } from '../local/options.ts'

/** The two OAuth clients of an org: one may read licenses, the other may grant them. */
export interface Clients {
  readonly read: ClientCredentials
  readonly write: ClientCredentials
}

const questions = [
  { prompt: 'Read client, id: ', isSecret: false, variable: 'GENESYS_READ_CLIENT_ID' },
  { prompt: 'Read client, secret (not shown): ', isSecret: true, variable: 'GENESYS_READ_CLIENT_SECRET' },
  { prompt: 'Write client, id: ', isSecret: false, variable: 'GENESYS_WRITE_CLIENT_ID' },
  { prompt: 'Write client, secret (not shown): ', isSecret: true, variable: 'GENESYS_WRITE_CLIENT_SECRET' },
] as const

/** @throws UsageError naming every variable that is missing. */
export function clientsIn(variables: Readonly<Record<string, string | undefined>>): Clients {
  const missing = questions.map(({ variable }) => variable).filter((name) => !variables[name])
  if (missing.length > 0) {
    throw new UsageError(
      `There is no terminal to ask on, so these variables must be set: ${missing.join(', ')}`,
    )
  }
  return clientsOf(questions.map(({ variable }) => variables[variable] ?? ''))
}

/**
 * Asks for both clients. Ids are echoed, secrets are not, however fast they are pasted: what is shown is decided as
 * each line ends, before the next character is looked at.
 *
 * @throws UsageError when the input ends before all is answered.
 */
export function askForClients(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<Clients> {
  let isHidden = false
  const echo = new Writable({
    write(chunk, _, done) {
      if (!isHidden) output.write(chunk)
      done()
    },
  })
  const reader = createInterface({ input, output: echo, terminal: true, historySize: 0 })
  const answers: string[] = []

  const ask = () => {
    const question = questions[answers.length]
    if (!question) return reader.close()
    isHidden = false
    reader.setPrompt(question.prompt)
    reader.prompt()
    isHidden = question.isSecret
  }

  return new Promise((resolve, reject) => {
    reader.on('line', (line) => {
      if (isHidden) output.write('\n')
      const answer = line.trim()
      if (answer !== '') answers.push(answer)
      ask()
    })
    reader.on('SIGINT', () => reader.close())
    reader.on('close', () => {
      if (answers.length === questions.length) resolve(clientsOf(answers))
      else reject(new UsageError('\nStopped before all was answered; nothing was put'))
    })
    ask()
  })
}

function clientsOf([
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
