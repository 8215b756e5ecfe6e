/** DIR/run.json: where a running gateway and its stand-ins are, for people's scripts and the project's own commands. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { writeJsonFile } from './atomic-file.ts'
import { bearerOf } from './aws/access-key.ts'
import { UsageError } from './usage.ts'

const Ids = z.object({ slack: z.string(), teams: z.string() })

/** What a script needs to send what Slack and Teams would: URLs of the webhooks, what they sign with, and who is where. */
const Chat = z.object({
  slack: z.string(),
  teams: z.string(),
  slackSigningSecret: z.string(),
  /** In base64. */
  teamsKey: z.string(),
  /** A person of each role, by their id on each platform. */
  people: z.object({ viewer: Ids, operator: Ids, approver: Ids }),
  slackTeam: z.string(),
  slackApp: z.string(),
  slackChannel: z.string(),
  /** Where approvers are asked. */
  slackApprovals: z.string(),
  teamsTenant: z.string(),
  teamsTeam: z.string(),
  teamsChannel: z.string(),
})
export type RunFileChat = z.output<typeof Chat>

const RunFile = z.object({
  gateway: z.string(),
  org: z.string(),
  aws: z.string(),
  events: z.string(),
  ledger: z.string(),
  /** The audit's bucket: where S3 is, and its name. */
  audit: z.optional(z.object({ url: z.string(), bucket: z.string() })),
  /** What the stand-in for AWS wants requests signed with. */
  key: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  tokens: z.object({ viewer: z.string(), operator: z.string(), approver: z.string() }),
  /** Absent before a real org. */
  chat: z.optional(Chat),
})
/** Base URLs without a trailing slash (`events` is where PutEvents is taken, `ledger` where DynamoDB is), and a bearer token for each role. */
export type RunFile = z.output<typeof RunFile>

/** Where `npm start` keeps its state, and whoever talks to it looks, unless told otherwise. */
export const LOCAL_DIRECTORY = '.local'

/** In it, what `npm run change` notes of the files that it handed in. */
export const NOTES_FOLDER = 'handed-in'

/** The option of every command that talks to a running `npm start`. */
export const DATA_OPTION = {
  type: 'string',
  value: 'DIR',
  says: `the directory of that npm start (default ${LOCAL_DIRECTORY})`,
} as const

/** The same of a command that talks to an org in AWS as well. */
export const LOCAL_DATA_OPTION = { ...DATA_OPTION, says: `with --org local: ${DATA_OPTION.says}` } as const

/** @param given what `--data` names. @throws UsageError where that is nothing. */
export function directoryOf(given: string | undefined, standing = LOCAL_DIRECTORY): string {
  if (given === '') throw new UsageError('--data must name a directory')
  return given ?? standing
}

const pathIn = (directory: string) => join(directory, 'run.json')

/** A line of HTTP for each role, and for what is asked under /__aws: curl -H @DIR/viewer.header shows no token to anybody. */
const headers = ['viewer', 'operator', 'approver', 'aws'] as const

/** Where such a line is. */
export function headerFile(directory: string, name: (typeof headers)[number]): string {
  return join(directory, `${name}.header`)
}

/** Writes run.json, and beside it a file with an Authorization header for each role and for /__aws. */
export function writeRunFile(directory: string, run: RunFile): void {
  for (const name of headers) {
    const value = name === 'aws' ? bearerOf(run.key) : `Bearer ${run.tokens[name]}`
    writeFileSync(headerFile(directory, name), `Authorization: ${value}\n`, { mode: 0o600 })
  }
  // The SDK notes on a key that it was given where it comes from.
  writeJsonFile(pathIn(directory), z.parse(RunFile, run))
}

/** Removes what says where a gateway runs. */
export function removeRunFile(directory: string): void {
  for (const path of [pathIn(directory), ...headers.map((name) => headerFile(directory, name))]) {
    rmSync(path, { force: true })
  }
}

/** @throws Error with a sentence where no gateway runs on that directory, or what it says of itself cannot be read. */
export function readRunFile(directory: string): RunFile {
  const path = pathIn(directory)
  const found = RunFile.safeParse(jsonIn(textOf(path, directory)))
  if (found.success) return found.data
  throw new Error(`${path} is damaged, or of another version: stop that gateway and start it again`)
}

function textOf(path: string, directory: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new Error(`No gateway runs on ${directory}: start one with npm start -- --data ${directory}`, {
        cause,
      })
    }
    const why = code === 'EACCES' || code === 'EPERM' ? 'is not yours to read' : 'cannot be read'
    throw new Error(`${path} ${why} (${code}), so whether a gateway runs there is not known`, { cause })
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
