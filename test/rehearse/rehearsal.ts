/**
 * A rehearsal: scenes are played on a stage, and what breaks a promise is told, each fault in a sentence that names the
 * function. `main.ts` plays all of it, short.test.ts the beginning.
 */
import { jsonOf } from '../../lib/json.ts'
import { operationScenes } from './scenes/operations.ts'
import { fieldsOf, type MakeScene, type Scene } from './scenes/scene.ts'
import { triggerScenes } from './scenes/triggers.ts'
import type { Container } from './world/container.ts'
import type { Outcome } from './world/runtime-api.ts'
import type { Stage } from './world/stage.ts'

const scenes: Readonly<Record<string, MakeScene>> = { ...operationScenes, ...triggerScenes }

/** Levels that Lambda's JSON log format knows. */
const LEVELS: readonly unknown[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

/** Scenes played side by side: the processes share this machine's cores, of which there may be two. */
const LANES = 3

/** Every function of the template plays its scene once. */
export async function playAll(stage: Stage, pass = 'starts and answers'): Promise<readonly string[]> {
  const names = [...stage.containers.keys()]
  const unplayed = names.filter((name) => scenes[name] === undefined).map((name) => `${name} has no scene`)
  const faults: string[] = []
  const left = names.values()
  const lane = async () => {
    for (const name of left) faults.push(...(await play(stage, name, pass)))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return [...unplayed, ...faults]
}

/** Plays one function's scene. @returns what was not as it must be. */
async function play(stage: Stage, name: string, pass: string): Promise<readonly string[]> {
  try {
    const { event, check } = await sceneOf(stage, name)
    await check(answerOf(await stage.containerOf(name).invoke(event)))
    return []
  } catch (error) {
    return [`${name}, ${pass}: ${error instanceof Error ? error.message : String(error)}`]
  }
}

export async function sceneOf(stage: Stage, name: string): Promise<Scene> {
  const make = scenes[name]
  if (make === undefined) throw new Error('has no scene')
  return await make(stage)
}

function answerOf(outcome: Outcome): unknown {
  if (outcome.kind === 'answered') return outcome.value
  throw new Error(`the invocation is ${JSON.stringify(outcome)}`)
}

/** What is looked at when all has been played: what each function wrote, whom it asked, and what it held. */
export function faultsAfter(stage: Stage): readonly string[] {
  return [...stage.containers.values()].flatMap((container) => [
    ...container.output.lines.flatMap((line) => faultsOfLine(line, container)),
    ...[...new Set(container.output.unknownHosts)].map(
      (host) => `${container.name} asked ${host}, which is no host of its`,
    ),
    ...(container.mostHeldMb() < container.memoryMb
      ? []
      : [`${container.name} held ${Math.round(container.mostHeldMb())} MB of ${container.memoryMb}`]),
  ])
}

function faultsOfLine(line: string, { name }: Container): readonly string[] {
  const { level, timestamp, requestId } = fieldsOf(jsonOf(line))
  const isWhole = LEVELS.includes(level) && typeof timestamp === 'string' && typeof requestId === 'string'
  return isWhole
    ? []
    : [`${name} wrote a line that is not JSON with level, timestamp and requestId: ${line.slice(0, 400)}`]
}
