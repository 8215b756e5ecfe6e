import { relative } from 'node:path'
import type { StartOptions } from './options.ts'
import type { LocalStack } from './stack.ts'

/** What the laptop's clock may differ by from the machine's without having been moved. Milliseconds. */
const MOVED_MS = 60_000

/** What to do next, as lines that work when pasted into another terminal in the repository, again and again. */
export function howTo(
  { gateway, org, orgUrl, aws }: LocalStack,
  logFile: string,
  options: StartOptions,
): string {
  const { port, hostname } = new URL(gateway)
  const directory = here(options.directory)
  const people = Object.entries(org?.truth().users ?? {})
  const [user, held] = people[0] ?? ['USER-ID', []]
  // One that this person does not hold, so that the write shows in the read above it.
  const license = ['wallboardUser', 'agentAssistLicense', 'cloudCX3'].find((each) => !held.includes(each))
  const toggles =
    options.toggles === 'current' ? 'as they are today (always on)' : 'as before July 2023 (a POST switches)'
  const what = org
    ? [`An embedded Genesys org of ${people.length} users, toggles ${toggles}.`]
    : [`A real Genesys org at ${orgUrl}${options.real?.allowsWrites ? '' : ', read-only'}.`]
  const lines = [
    '',
    ...what,
    ...(org ? [`In a browser: ${gateway}/`] : []),
    `Where everything is, with tokens: ${directory}/run.json; the log: ${here(logFile)}`,
    ...aheadOf(aws.now() - Date.now()),
    '',
    'With curl:',
    '',
    `  GATEWAY=${gateway}`,
    `  as() { curl -H @${quoted(`${directory}/`)}$1.header "\${@:2}"; echo; }`,
    '  as viewer $GATEWAY/api/v2/license/definitions/cloudCX1',
    `  as viewer $GATEWAY/api/v2/license/users/${user}`,
    "  as viewer $GATEWAY'/api/v2/license/users?pageSize=3'",
  ]
  if (org && license !== undefined) {
    lines.push(
      '  as operator $GATEWAY/api/v2/license/organization \\',
      "    -H 'Content-Type: application/json' -d '{\"assignments\":[{",
      `    "licenseId":"${license}","userIdsRemove":[],`,
      `    "userIdsAdd":["${user}"]}]}'`,
    )
  }
  lines.push(
    '',
    'With the official SDK, in a file sdk.cjs here, run by node:',
    '',
    `  const { tokens } = JSON.parse(require('fs').readFileSync('${directory}/run.json'))`,
    "  const { ApiClient, LicenseApi } = require('purecloud-platform-client-v2')",
    '  const client = ApiClient.instance',
    `  client.setGateway({ host: '${hostname}', protocol: 'http', port: ${port} })`,
    '  client.setAccessToken(tokens.viewer)',
    '  new LicenseApi().getLicenseUsers({ pageSize: 3 }).then(console.log)',
    '',
    'Ctrl-C stops it; its state is kept, --reset begins anew.',
  )
  return lines.join('\n')
}

function aheadOf(ms: number): string[] {
  if (ms < MOVED_MS) return []
  const hours = Math.round(ms / 3_600_000)
  const by = hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`
  return [`Its clock is ${by} ahead, as it was moved on; --reset sets it right.`]
}

/** For a shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

function here(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') ? path : short
}
