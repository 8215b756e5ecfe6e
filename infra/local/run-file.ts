/** DIR/run.json: where a running gateway and its stand-ins are, for people's scripts and the project's own commands. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { readJsonFile, writeJsonFile } from './org/atomic-file.ts'

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
  /** What the stand-in for AWS wants requests signed with. */
  key: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  tokens: z.object({ viewer: z.string(), operator: z.string(), approver: z.string() }),
  /** Absent before a real org. */
  chat: z.optional(Chat),
})
/** Base URLs without a trailing slash (`events` is where PutEvents is taken), and a bearer token for each role. */
export type RunFile = z.output<typeof RunFile>

const pathIn = (directory: string) => join(directory, 'run.json')

export function writeRunFile(directory: string, run: RunFile): void {
  writeJsonFile(pathIn(directory), run)
}

export function removeRunFile(directory: string): void {
  rmSync(pathIn(directory), { force: true })
}

/** @throws Error with a sentence where no gateway runs on that directory. */
export function readRunFile(directory: string): RunFile {
  const found = RunFile.safeParse(readJsonFile(pathIn(directory)))
  if (found.success) return found.data
  throw new Error(`No gateway runs on ${directory}: start one with npm start -- --data ${directory}`)
}
