/** Which gateway is asked, and as whom: the one of a running `npm start`, or a deployed API. */
import { resolve } from 'node:path'
import { headerFile, LOCAL_DIRECTORY, readRunFile } from '../local/run-file.ts'
import { UsageError } from '../local/usage.ts'
import type { ChangeOptions } from './options.ts'

/** Never an argument: those stand in the list of processes and in the shell's history. */
const TOKEN = 'LICENSE_GATEWAY_TOKEN'

const COMMAND = 'npm run change --'

/** What to do where the API takes no tokens: signing would ask for AWS credentials, which whoever hands in a file need not have. */
export const TOKENS_ALONE =
  'An API with auth "iam" takes signed requests and no tokens: use curl --aws-sigv4 there, as docs/operations.md has it'

export interface GatewayPlace {
  /** Base URL without a trailing slash. */
  readonly origin: string
  readonly token: string
}

export interface Gateway {
  /** Asked before each request: where `npm start` begins anew, its address may be another. @throws Error with a sentence where none runs. */
  readonly find: () => GatewayPlace
  /** This command with other words, as it is typed to go on there. */
  readonly commandFor: (words: string) => string
  /** What is to be typed so that a role asks for that. */
  readonly lineFor: (role: 'operator' | 'approver', path: string, body?: string) => string
}

/** @throws UsageError where a token is missing. */
export function gatewayOf(place: ChangeOptions['place'], variables: NodeJS.ProcessEnv): Gateway {
  if ('directory' in place) return localGateway(place.directory)
  const { url: origin } = place
  const token = variables[TOKEN]?.trim()
  if (!token)
    throw new UsageError(`${TOKEN} in the environment must be a token that the API takes. ${TOKENS_ALONE}`)
  return {
    find: () => ({ origin, token }),
    commandFor: (words) => `${COMMAND} ${words} --url ${origin}`,
    lineFor(role, path, body) {
      const bearer = role === 'operator' ? `$${TOKEN}` : 'TOKEN'
      return lineOf(`-H "Authorization: Bearer ${bearer}"`, origin + path, body)
    },
  }
}

function localGateway(directory: string): Gateway {
  // What is told where it is gone is still told of it.
  let origin = 'GATEWAY'
  const find = () => {
    const { gateway, tokens } = readRunFile(resolve(directory))
    origin = gateway
    return { origin, token: tokens.operator }
  }
  const at = directory === LOCAL_DIRECTORY ? '' : ` --data ${quoteWord(directory)}`
  return {
    find,
    commandFor: (words) => `${COMMAND} ${words}${at}`,
    lineFor: (role, path, body) =>
      lineOf(`-H ${quoteWord(`@${headerFile(directory, role)}`)}`, origin + path, body),
  }
}

/** As a shell takes it for one word. */
function quoteWord(word: string): string {
  return /^[\w@./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** Under a key of its own each time that it is pasted: what has been resumed may be paused again. */
function lineOf(authorization: string, url: string, body: string | undefined): string {
  const key = url.split('/').slice(-2).reverse().join('-')
  const said = body === undefined ? '' : ` -H 'Content-Type: application/json' -d '${body}'`
  return `curl -s -X POST ${authorization} -H "Idempotency-Key: ${key}-$(date +%s)" ${url}${said}`
}
