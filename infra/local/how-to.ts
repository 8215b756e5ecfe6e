import { relative } from 'node:path'
import type { StartOptions } from './options.ts'
import type { LocalStack } from './stack.ts'

/** What to do next, as lines that work when pasted into another terminal in the repository. */
export function howTo(
  { gateway, tokens, org, orgUrl }: LocalStack,
  logFile: string,
  options: StartOptions,
): string {
  const { port, hostname } = new URL(gateway)
  const people = Object.entries(org?.truth().users ?? {})
  const [user, held] = people[0] ?? ['USER-ID', []]
  // One that this person does not hold, so that the write shows in the read above it.
  const license = ['wallboardUser', 'agentAssistLicense', 'cloudCX3'].find((each) => !held.includes(each))
  const what = org
    ? `An embedded Genesys org of ${people.length} users, toggles as ${options.toggles === 'current' ? 'they are today (always on)' : 'before July 2023 (a POST switches)'}.`
    : `A real Genesys org at ${orgUrl}${options.real?.allowsWrites ? '' : ', read-only'}.`
  const lines = [
    '',
    what,
    ...(org ? [`In a browser: ${gateway}/`] : []),
    `Base URLs and a token for each role are in ${here(options.directory)}/run.json; the log is ${here(logFile)}.`,
    '',
    'With curl:',
    '',
    `  export TOKEN=${tokens.operator}`,
    `  curl -H "Authorization: Bearer $TOKEN" ${gateway}/api/v2/license/definitions/cloudCX1`,
    `  curl -H "Authorization: Bearer $TOKEN" ${gateway}/api/v2/license/users/${user}`,
    `  curl -H "Authorization: Bearer $TOKEN" '${gateway}/api/v2/license/users?pageSize=3'`,
  ]
  if (org) {
    lines.push(
      `  curl -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' ${gateway}/api/v2/license/organization \\`,
      `    -d '{"assignments":[{"licenseId":"${license}","userIdsAdd":["${user}"],"userIdsRemove":[]}]}'`,
    )
  }
  lines.push(
    '',
    'With the official SDK, in a file sdk.cjs run by node:',
    '',
    "  const { ApiClient, LicenseApi } = require('purecloud-platform-client-v2')",
    `  ApiClient.instance.setGateway({ host: '${hostname}', protocol: 'http', port: ${port} })`,
    '  ApiClient.instance.setAccessToken(process.env.TOKEN)',
    '  new LicenseApi().getLicenseUsers({ pageSize: 3 }).then((page) => console.log(page.total, page.entities))',
    '',
    'Ctrl-C stops it; its state is kept, --reset begins anew.',
  )
  return lines.join('\n')
}

function here(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') ? path : short
}
