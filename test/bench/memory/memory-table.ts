/** `npm run bench -- --memory`: what each memory makes of a call that people wait for, and what it costs. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryMbOf } from '../../../infra/constructs/functions/memory.ts'
import { startServers } from '../processes.ts'
import { type Rig, rigOf } from '../rig.ts'
import { median, p90 } from '../statistics.ts'
import { ALL_AFAR, asMilliseconds, SERVERS } from '../writes/write-settings.ts'
import { cpuGroup, shareOf } from './cpu-share.ts'
import { type Sample, type Subject, sampled, waitedOf } from './first-calls.ts'
import { LAMBDA_PRICES, PRICES_FROM } from './lambda-prices.ts'

const SIZES_MB = [256, 512, 1_024, 1_769] as const

const ROUNDS = 7
const QUICK_ROUNDS = 3

const HEADINGS = [
  'function',
  'MB',
  'share of a core',
  'first call, s (p90)',
  'the call after it, s',
  '1,000 first calls, arm64 / x86_64',
  '1,000 calls after, arm64 / x86_64',
] as const

/** @returns the table as Markdown, with what it was measured with. */
export async function memoryTable({ builds, isQuick }: Pick<Rig, 'builds' | 'isQuick'>): Promise<string> {
  const servers = await startServers({ ...SERVERS, ...ALL_AFAR })
  const group = cpuGroup()
  try {
    const rig = rigOf(builds, servers, isQuick)
    const subjects = Object.values(waitedOf(rig)).flatMap((waited) =>
      SIZES_MB.map((memoryMb): Subject => ({ waited, memoryMb })),
    )
    const rounds = isQuick ? QUICK_ROUNDS : ROUNDS
    const samples = await sampled(rig, subjects, { group, rounds, calls: 2 })
    const lines = subjects.map((subject, index) => cells(subject, samples[index] ?? []))
    const table = [HEADINGS, HEADINGS.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`)
    const how = `Measured on ${new Date().toISOString().slice(0, 10)}, CPU ${group ? 'held to' : 'divided by'} its share, ${asMilliseconds(ALL_AFAR)}; medians of ${rounds}. Dollars as Lambda lists them (${PRICES_FROM}), the start of the function with the first call, without requests. **Bold** is what the stack gives.`
    return `${how}\n\n${table.join('\n')}`
  } finally {
    group?.remove()
    await servers.stop()
  }
}

function cells({ waited, memoryMb }: Subject, samples: readonly Sample[]): readonly string[] {
  const secondsOf = (call: number) => samples.map(({ calls }) => (calls[call]?.heldMs ?? Number.NaN) / 1e3)
  const [first, after] = [secondsOf(0), secondsOf(1)]
  const loadSeconds = median(samples.map(({ loadMs }) => loadMs / 1e3))
  const isGiven = memoryMbOf(waited.functionName) === memoryMb
  return [
    waited.name,
    isGiven ? `**${memoryMb}**` : String(memoryMb),
    shareOf(memoryMb).toFixed(3),
    `${median(first).toFixed(2)} (${p90(first).toFixed(2)})`,
    median(after).toFixed(2),
    dollarsOf(memoryMb, loadSeconds + median(first)),
    dollarsOf(memoryMb, median(after)),
  ]
}

/** Of a thousand calls of so long. */
function dollarsOf(memoryMb: number, seconds: number): string {
  const gbSeconds = (memoryMb / 1_024) * seconds * 1_000
  return Object.values(LAMBDA_PRICES)
    .map((price) => (gbSeconds * price).toFixed(4))
    .join(' / ')
}

const BLOCK = /(<!-- memory -->\n).*?(<!-- \/memory -->)/s

/** Puts the table in its place in the ADR. */
export function keepMemoryTable(table: string): void {
  const directory = join(import.meta.dirname, '../../docs/adr')
  const [name = ''] = globSync('*-memory-of-functions.md', { cwd: directory })
  const file = join(directory, name)
  writeFileSync(file, readFileSync(file, 'utf8').replace(BLOCK, `$1\n${table}\n\n$2`))
}
