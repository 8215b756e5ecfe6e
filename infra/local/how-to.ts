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
    ...(org
      ? [`In a browser: ${gateway}/ (sign in by one click, as a viewer, an operator or an approver)`]
      : []),
    `Where everything is, with tokens: ${directory}/run.json; the log: ${here(logFile)}`,
    ...aheadOf(aws.now() - Date.now()),
    '',
    'With curl:',
    '',
    `  GATEWAY=${gateway}`,
    `  as() { curl -s -H @${quoted(`${directory}/`)}$1.header "\${@:2}"; echo; }`,
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

/** What to say of a clock that is so far ahead of the machine's, milliseconds. */
export function aheadOf(ms: number): string[] {
  if (ms < MOVED_MS) return []
  const minutes = Math.round(ms / 60_000)
  const hours = Math.round(minutes / 60)
  const by =
    minutes < 100
      ? counted(minutes, 'minute')
      : hours < 48
        ? counted(hours, 'hour')
        : counted(Math.round(hours / 24), 'day')
  return [`Its clock is ${by} ahead, as it was moved on; --reset sets it right.`]
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** For a shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

function here(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') ? path : short
}
