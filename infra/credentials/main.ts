/** `npm run credentials -- --org NAME`: puts an org's OAuth clients, makes their first tokens and tries them. */
import { parseArgs } from 'node:util'
import { systemClock } from '../../lib/clock.ts'
import { nodeTransport } from '../../lib/genesys/transport.ts'
import { UsageError } from '../local/options.ts'
import { askForClients, clientsIn } from './clients.ts'
import { provision } from './provision.ts'
import { targetOf } from './target.ts'

const USAGE = `npm run credentials -- --org NAME             an org file's name, e.g. example
npm run credentials -- --org local [--data DIR]   the gateway that npm start runs`

interface Options {
  readonly org: string
  readonly directory: string
}

function optionsOf(args: readonly string[]): Options {
  const { org, data } = parsed(args)
  if (!org) throw new UsageError(`Say which org the OAuth clients belong to:\n${USAGE}`)
  if (data !== undefined && org !== 'local') throw new UsageError(`--data goes with --org local:\n${USAGE}`)
  return { org, directory: data ?? '.local' }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { org: { type: 'string' }, data: { type: 'string' } } })
      .values
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`)
  }
}

async function main(args: readonly string[]): Promise<void> {
  const { org, directory } = optionsOf(args)
  const target = await targetOf(org, directory)
  const clients = process.stdin.isTTY
    ? await askForClients(process.stdin, process.stdout)
    : clientsIn(process.env)
  const to = {
    ...target,
    transport: nodeTransport,
    clock: systemClock,
    tell: (sentence: string) => console.log(sentence),
  }
  await provision('read', clients.read, to)
  await provision('write', clients.write, to)
  console.log('done')
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  // What fails here is a person's, AWS's or Genesys's doing, and says so in its message; a stack would add nothing.
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = error instanceof UsageError ? 2 : 1
}
