/**
 * A rehearsal: scenes are played on a stage, and what breaks a promise is told, each fault in a sentence that names the
 * function. `main.ts` plays all of it, short.test.ts the beginning, with a function of each kind.
 */
import { jsonOf } from '../../lib/json.ts'
import { operationScenes } from './scenes/operations.ts'
import { fieldsOf, type MakeScene, type Scene } from './scenes/scene.ts'
import { triggerScenes } from './scenes/triggers.ts'
import type { Container } from './world/container.ts'
import type { Outcome } from './world/runtime-api.ts'
import type { Stage } from './world/stage.ts'

const scenes: Readonly<Record<string, MakeScene>> = { ...operationScenes, ...triggerScenes }

/** Scenes played side by side: the processes share this machine's cores, of which there may be two. */
const LANES = 3

/** Those that only wait share them well. */
const WAITING_LANES = 16

/** Levels that Lambda's JSON log format knows. */
const LEVELS: readonly unknown[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

export type Faults = readonly string[]

/** Every function of the template, or each of those names, plays its scene once. @returns what was not as it must be. */
export async function playAll(
  stage: Stage,
  names: readonly string[] = [...stage.containers.keys()],
): Promise<Faults> {
  return await inLanes(LANES, names, (name) => play(stage, stage.containerOf(name)))
}

/** One container plays the scene of its function. */
export async function play(stage: Stage, container: Container): Promise<Faults> {
  return await faultsIn(container.name, async () => {
    const { event, check } = await sceneOf(stage, container.name)
    const outcome = await container.invoke(event)
    if (outcome.kind !== 'answered') throw new Error(`the invocation has ${described(outcome)}`)
    await check(outcome.value)
  })
}

/**
 * Every function is invoked with so little of its time left, and must come to an end by itself, with an answer or an
 * error: what Lambda ends has no line in the log, no record and no answer.
 *
 * @param meanwhile begins what makes it hard, once all events are made, and returns what ends that.
 */
export async function playInTime(
  stage: Stage,
  remainingMs: number,
  meanwhile: () => () => void = () => () => {},
): Promise<Faults> {
  const ready: { readonly container: Container; readonly event: unknown }[] = []
  const unmade = await inLanes(LANES, [...stage.containers.values()], (container) =>
    faultsIn(container.name, async () => {
      const { event } = await sceneOf(stage, container.name)
      ready.push({ container, event })
    }),
  )
  const end = meanwhile()
  const late = await inLanes(WAITING_LANES, ready, ({ container, event }) =>
    faultsIn(container.name, async () => {
      const outcome = await container.invoke(event, remainingMs)
      if (outcome.kind === 'answered' || outcome.kind === 'failed') return
      throw new Error(`with ${remainingMs} ms left, the invocation has ${described(outcome)}`)
    }),
  )
  end()
  return [...unmade, ...late]
}

async function inLanes<T>(
  lanes: number,
  items: readonly T[],
  work: (item: T) => Promise<Faults>,
): Promise<Faults> {
  const faults: string[] = []
  const left = items.values()
  const lane = async () => {
    for (const item of left) faults.push(...(await work(item)))
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return faults
}

export async function faultsIn(what: string, work: () => Promise<unknown>): Promise<Faults> {
  try {
    await work()
    return []
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // Of assert's, which has paragraphs, one line.
    return [`${what}: ${message.trim().replaceAll(/\s*\n\s*/g, ' ')}`]
  }
}

async function sceneOf(stage: Stage, name: string): Promise<Scene> {
  const make = scenes[name]
  if (make === undefined) throw new Error('the rehearsal has no scene for it')
  return await make(stage)
}

function described(outcome: Outcome): string {
  if (outcome.kind === 'failed') return `failed: ${outcome.errorType}: ${outcome.errorMessage}`
  if (outcome.kind === 'ended') return `ended with its process, by ${outcome.code}`
  return outcome.kind === 'timed.out' ? 'been ended by its time-out' : 'been answered'
}

/** What is looked at when all has been played: what each function wrote, whom it asked, and what it held. */
export function faultsAfter(stage: Stage): Faults {
  return [...stage.containers.values(), ...stage.others].flatMap(faultsLeftBy)
}

export function faultsLeftBy({ name, output, mostHeldMb, memoryMb }: Container): Faults {
  return [
    ...output.lines.filter((line) => !isWhole(line)).map((line) => `${name}: wrote ${line.slice(0, 400)}`),
    ...[...new Set(output.unknownHosts)].map((host) => `${name}: asked ${host}, which it has nothing to ask`),
    ...(mostHeldMb() < memoryMb ? [] : [`${name}: held ${Math.round(mostHeldMb())} MB of ${memoryMb}`]),
  ]
}

/** Whether a line is what Logs Insights finds by level, time and request. */
function isWhole(line: string): boolean {
  const { level, timestamp, requestId } = fieldsOf(jsonOf(line))
  return LEVELS.includes(level) && typeof timestamp === 'string' && typeof requestId === 'string'
}
