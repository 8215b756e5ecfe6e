/** Calls of containers that have just started, their CPU held to what a memory of Lambda's gives. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type CpuGroup, shareOf } from './cpu-share.ts'
import type { FirstCalls, HeldCall } from './processes/first.ts'
import { PATIENCE_MS, type Variables } from './processes.ts'
import type { Rig } from './rig.ts'
import { changeEvent } from './writes/write-events.ts'
import { commandDelivered, slackCommand } from './slack-commands.ts'

/** One function, and how it is called. */
export interface Waited {
  readonly name: 'put-toggle' | 'post-license-organization' | 'create-change' | 'run-command' | 'slack' | 'get-license-user'
  readonly says: string
  readonly env: Variables
  /** Of so many calls, one after the other, of one container. */
  readonly events: (calls: number) => Promise<readonly unknown[]>
}

export function waitedFor({ env, writeEnv, readEvent, writes }: Rig): readonly Waited[] {
  const made = <T>(make: () => T) => async (calls: number) => Array.from({ length: calls }, make)
  return [
    { name: 'put-toggle', says: writes.toggle.name, env: writeEnv, events: (calls) => writes.toggle.events(calls, 'ours') },
    { name: 'post-license-organization', says: writes.pair.name, env: writeEnv, events: (calls) => writes.pair.events(calls, 'ours') },
    { name: 'create-change', says: 'POST /v1/changes of one pair', env, events: (calls) => writes.plan.events(calls, 'ours') },
    { name: 'run-command', says: 'a command of Slack', env: writeEnv, events: made(commandDelivered) },
    { name: 'slack', says: "Slack's webhook", env, events: made(slackCommand) },
    { name: 'get-license-user', says: 'GET /api/v2/license/users/{userId}', env, events: made(() => readEvent) },
  ]
}
