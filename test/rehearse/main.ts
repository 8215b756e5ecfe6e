/**
 * `npm run rehearse`: a deployment, rehearsed as far as it goes without AWS. The stacks are synthesized, once with each
 * kind of caller and everything that an org file can ask for; every function of the template runs as a process of its own
 * under a server that speaks Lambda's Runtime API (processes/runtime.ts, world/), and plays its scene (scenes/) again and
 * again while its servers close connections, forget them, fall silent, and its time runs out. Ends by itself, within three
 * minutes, with 1 where anything was not as it must be.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuiltFunction, build } from '../../infra/build/bundles.ts'
import { parsedArgs, runCommand, stackOf } from '../../infra/local/usage.ts'
import { type Faults, faultsAfter, playAll, playInTime } from './rehearsal.ts'
import { playChains } from './scenes/chains.ts'
import { putCredentials } from './scenes/triggers.ts'
import { type Stage, startStage } from './world/stage.ts'

/** Less than any operation begins with, milliseconds: it is refused, and says so. */
const NEARLY_OVER_MS = 1_500

/** Enough to begin with, and not to see a try of 8 s through. Milliseconds. */
const SILENCE_MS = 5_000

let count = 0

async function act(title: string, work: () => Promise<Faults>): Promise<void> {
  const startedMs = performance.now()
  // What fails as a whole hides nothing of what comes after.
  const faults = await work().catch(
    (error: unknown): Faults => [error instanceof Error ? error.message : String(error)],
  )
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${title} (${seconds} s)`)
  for (const fault of faults) console.log(`     ${fault}`)
  count += faults.length
}

function heldBy({ containers }: Stage): string {
  const [most] = [...containers.values()].sort((one, other) => other.mostHeldMb() - one.mostHeldMb())
  return most ? `${most.name} held the most: ${Math.round(most.mostHeldMb())} MB of ${most.memoryMb}` : ''
}

async function rehearse(
  variant: 'jwt' | 'iam',
  functions: readonly BuiltFunction[],
  isLong: boolean,
): Promise<void> {
  const stage = await startStage(variant, functions)
  const all = `${stage.containers.size} functions`
  try {
    await act(
      `${variant}: the operator puts both clients, and each token is rotated in four steps`,
      async () => {
        await putCredentials(stage)
        return []
      },
    )
    await act(`${variant}: ${all} start and answer`, () => playAll(stage))
    if (isLong) {
      await act(`${variant}: … after their servers have closed what was idle`, async () => {
        await stage.hosts.closeIdle()
        return await playAll(stage)
      })
      await act(`${variant}: … over connections that are gone, and nobody has said so`, async () => {
        stage.hosts.forget()
        return await playAll(stage)
      })
      await act(`${variant}: what one function begins, the others carry on`, () => playChains(stage))
      await act(`${variant}: … with ${NEARLY_OVER_MS} ms left`, () => playInTime(stage, NEARLY_OVER_MS))
      await act(`${variant}: … with ${SILENCE_MS} ms left, and Genesys silent`, () =>
        playInTime(stage, SILENCE_MS, () => stage.hosts.silence(/^api\.mypurecloud\./)),
      )
    }
    await act(`${variant}: lines, hosts and memory (${heldBy(stage)})`, async () => faultsAfter(stage))
  } finally {
    await stage.close()
  }
}

await runCommand(
  async () => {
    parsedArgs(
      { args: process.argv.slice(2), options: {} },
      'npm run rehearse\nrehearses a deployment without AWS: each function of the templates as a process of its own',
    )
    const outDir = await mkdtemp(join(tmpdir(), 'gateway-bundles-'))
    try {
      const functions = await build({ outDir, print: () => {} })
      await rehearse('jwt', functions, true)
      await rehearse('iam', functions, false)
    } finally {
      await rm(outDir, { recursive: true, force: true })
    }
    process.exitCode = count === 0 ? 0 : 1
  },
  { explain: stackOf },
)
