/** Calls of containers that have just started, their CPU held to what goes with a memory of Lambda's. */
import { turned } from '../contenders.ts'
import type { HeldCall } from '../processes/first.ts'
import { firstCalls, type Variables } from '../processes.ts'
import type { Rig } from '../rig.ts'
import { slackCommand } from '../slack-commands.ts'
import type { Write } from '../writes/write-events.ts'
import { type CpuGroup, shareOf } from './cpu-share.ts'

/** One function that people wait for, and how it is called. */
export interface Waited {
  /** As rows name it. */
  readonly name: string
  readonly functionName: string
  readonly env: Variables
  /** Of so many calls of one container. */
  readonly events: (calls: number) => Promise<readonly unknown[]>
}

/** In the order of their rows. */
export function waitedOf({ env, writeEnv, readEvent, writes }: Rig) {
  const written = (write: Write, variables: Variables): Waited => ({
    ...write,
    env: variables,
    events: (calls) => write.events(calls, 'ours'),
  })
  const made = (make: () => unknown) => async (calls: number) => Array.from({ length: calls }, make)
  return {
    toggle: written(writes.toggle, writeEnv),
    pair: written(writes.pair, writeEnv),
    plan: written(writes.plan, env),
    command: written(writes.command, writeEnv),
    webhook: { name: "Slack's webhook", functionName: 'slack', env, events: made(() => slackCommand()) },
    read: {
      name: 'GET /api/v2/license/users/{userId}',
      functionName: 'get-license-user',
      env,
      events: made(() => readEvent),
    },
  } satisfies Record<string, Waited>
}

/** One container at one memory. */
export interface Sample {
  readonly loadMs: number
  /** Its calls one after the other, the first one first. */
  readonly calls: readonly (HeldCall & { readonly heldMs: number })[]
}

/** Of what, and at which memory. */
export interface Subject {
  readonly waited: Waited
  readonly memoryMb: number
}

export interface Sampling {
  /** Without one a call counts as its CPU divided by the share, and its waits. */
  readonly group: CpuGroup | undefined
  readonly rounds: number
  /** Of each container. */
  readonly calls: number
}

/** @returns the samples of each subject, in their order; they took turns. */
export async function sampled(
  { builds }: Rig,
  subjects: readonly Subject[],
  { group, rounds, calls }: Sampling,
): Promise<readonly (readonly Sample[])[]> {
  const taken = new Map<Subject, Sample[]>(subjects.map((subject) => [subject, []]))
  // The first round fills the file cache and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const subject of turned(subjects, round + 1)) {
      const { functionName, env, events } = subject.waited
      const share = shareOf(subject.memoryMb)
      group?.hold(share)
      const script = builds.process('first')
      const bundle = builds.ours(functionName)
      const found = await firstCalls(
        script,
        bundle,
        { events: await events(calls), procsFile: group?.procsFile },
        env,
      )
      const heldMs = ({ wallMs, cpuMs }: HeldCall) =>
        group ? wallMs : cpuMs / share + Math.max(0, wallMs - cpuMs)
      const sample = { ...found, calls: found.calls.map((call) => ({ ...call, heldMs: heldMs(call) })) }
      if (round >= 0) taken.get(subject)?.push(sample)
    }
  }
  return subjects.map((subject) => taken.get(subject) ?? [])
}
