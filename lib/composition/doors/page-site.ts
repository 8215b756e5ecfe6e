import * as z from 'zod/mini'
import { type Clock, systemClock } from '../../clock.ts'
import { type Environment, readEnvironment } from '../../environment.ts'
import { ConfigurationError } from '../../errors.ts'
import type { StreamedHandler } from '../../http/streamed.ts'
import { jsonOf } from '../../json.ts'
import { pageLog } from '../../observe/page-log.ts'
import { readPage } from '../../page/serve/read-page.ts'
import { servePage } from '../../page/serve/serve-page.ts'

/** The composition root of what serves the page: files that lie beside it, and nothing of AWS or Genesys. */
export function pageSite(
  environment: Environment = readEnvironment(),
  clock: Clock = systemClock,
): StreamedHandler {
  const issuer = environment.required('JWT_ISSUER')
  const audience = environment.optional('PAGE_AUDIENCE')
  // In Lambda the build has put the page beside the function's code.
  const directory = environment.optional('PAGE_DIRECTORY') ?? environment.required('LAMBDA_TASK_ROOT')
  const connect = [originIn('JWT_ISSUER', issuer)]
  for (const url of textsIn(environment, 'PAGE_CONNECT', '[]')) connect.push(originIn('PAGE_CONNECT', url))
  return servePage({
    read: () => readPage(directory),
    config: {
      org: environment.org.name,
      issuer,
      clientId: environment.required('PAGE_CLIENT_ID'),
      scopes: textsIn(environment, 'PAGE_SCOPES'),
      ...(audience === undefined ? {} : { audience }),
    },
    connect: [...new Set(connect)],
    clock,
    log: pageLog(environment.stack, clock),
  })
}

/** As a policy has it: whatever ends a part of one is in no host's name. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?$/

function originIn(variable: string, url: string): string {
  const { origin } = URL.canParse(url) ? new URL(url) : { origin: '' }
  if (!ORIGIN.test(origin)) throw new ConfigurationError(`${variable} must have URLs of hosts, not '${url}'`)
  return origin
}

function textsIn(environment: Environment, variable: string, otherwise?: string): readonly string[] {
  const text =
    otherwise === undefined ? environment.required(variable) : (environment.optional(variable) ?? otherwise)
  const parsed = z.safeParse(z.array(z.string()), jsonOf(text))
  if (!parsed.success) throw new ConfigurationError(`${variable} must be a JSON list of texts`)
  return parsed.data
}
