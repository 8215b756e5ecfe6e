/**
 * `npm run soak`: what `npm test` has no time for. What that takes a part of, whole, for a third of the time at the most; two lists
 * of 50,000 pairs where there are minutes enough; then random histories of ninety days with a reading each night, for another third at
 * the most each time, of lists and of the write path, in turn for as long as you like, with progress lines.
 * Ends by itself, with 1 where a promise broke; what it prints then repeats that.
 */
import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { TEST_VARIABLES } from '../../infra/local/aws/access-key.ts'
import { parsedArgs, runCommand, stackOf, UsageError } from '../../infra/local/usage.ts'
import { listsHold } from '../changes/proof/lists/list-story.ts'
import { historiesHold } from '../changes/proof/property.ts'
import { nightsHold } from '../inventory/proof/property.ts'
import { LISTS_TAKE_MS, soakLists } from './lists.ts'
import { soakProofs } from './whole-proofs.ts'

/** Histories of one seed: between two progress lines, some seconds. */
const BATCH = 100

/** Lists of one seed, some seconds too. */
const LISTS = 5

/** Days of one story of the inventory, of which `npm test` lives through three weeks. */
const DAYS = 90

const MAX_SEED = 2 ** 31 - 1
const MAX_MINUTES = 24 * 60

const USAGE = `npm run soak -- [--minutes N] [--seed S]
crash points and the largest models, lists of 50,000 pairs, then random histories of ${DAYS} days of readings, of lists and of the write path, with progress lines; 1 where a promise broke`

const OPTIONS = {
  minutes: { type: 'string', default: '10', value: 'N', says: 'how long, up to a day' },
  seed: {
    type: 'string',
    value: 'S',
    says: 'the first seed, a whole number; by default another one each time',
  },
} as const

function options(): { minutes: number; seed: number } {
  const { values } = parsedArgs({ args: process.argv.slice(2), options: OPTIONS }, USAGE)
  const minutes = Number(values.minutes)
  const seed = Number(values.seed ?? randomInt(MAX_SEED))
  if (!(minutes > 0 && minutes <= MAX_MINUTES))
    throw new UsageError(`--minutes must be from 0 to ${MAX_MINUTES}`)
  if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED)
    throw new UsageError(`--seed must be a whole number up to ${MAX_SEED}`)
  return { minutes, seed }
}

async function soak({ minutes, seed }: ReturnType<typeof options>): Promise<number> {
  const startedMs = performance.now()
  const leftMs = () => 60_000 * minutes - (performance.now() - startedMs)
  const shareMs = 60_000 * (minutes / 3)
  return (
    (await soakWhole(within(shareMs), seed)) ||
    (leftMs() > LISTS_TAKE_MS ? await soakLongLists(seed) : 0) ||
    (await soakHistories(leftMs, shareMs, seed))
  )
}

/** @returns whether so much time has passed since. */
function within(ms: number): () => boolean {
  const endMs = performance.now() + ms
  return () => performance.now() >= endMs
}

async function soakWhole(isOver: () => boolean, seed: number): Promise<number> {
  try {
    await soakProofs(isOver, seed, console.log)
    return 0
  } catch (error) {
    console.log(`FAIL ${error instanceof Error ? error.message : error}`)
    return 1
  }
}

async function soakLongLists(seed: number): Promise<number> {
  const broken = await soakLists(seed, console.log)
  if (broken.length > 0) console.log(`FAIL lists, seed ${seed}\n${broken.slice(0, 20).join('\n')}`)
  return broken.length > 0 ? 1 : 0
}

/** One story of days and nights. @returns whether it held. */
async function soakNights(isOver: () => boolean, seed: number): Promise<boolean> {
  const property = nightsHold(DAYS, isOver, ({ days, wholeReadings, holdingsCompared, overagesTold }) => {
    const nights = `${wholeReadings} whole readings in ${days} days`
    console.log(
      `seed ${seed}: ${nights}, ${holdingsCompared} holdings as they were, ${overagesTold} overages told once`,
    )
  })
  // Made shorter it would take an hour; the day is named as it is.
  const story = { seed, numRuns: 1, endOnFailure: true }
  const { failed, counterexample, errorInstance } = await fc.check(property, story)
  if (failed) console.log(`FAIL seed ${seed}: ${errorInstance}\n${JSON.stringify(counterexample)}`)
  return !failed
}

async function soakHistories(leftMs: () => number, shareMs: number, firstSeed: number): Promise<number> {
  const startedMs = performance.now()
  let histories = 0
  const property = historiesHold(() => {
    histories += 1
  })
  let lists = 0
  const listProperty = listsHold(() => {
    lists += 1
  })
  const told = () => `${histories} histories and ${lists} lists`
  async function isKept<Ts>(of: fc.IAsyncProperty<Ts>, seed: number, numRuns: number): Promise<boolean> {
    // Shrinking goes on past the limit, and takes minutes at most.
    const details = await fc.check(of, {
      seed,
      numRuns,
      plugins: [fc.interruptAfterTimeLimit(Math.max(0, leftMs()))],
    })
    // One that was cut short before its first history has no counterexample.
    if (!details.failed || details.counterexample === null) return true
    console.log(`FAIL after ${told()}\n${fc.defaultReportMessage(details)}\n${details.errorInstance}`)
    return false
  }
  for (let seed = firstSeed; seed === firstSeed || leftMs() > 0; seed = (seed + 1) % MAX_SEED) {
    if (!(await soakNights(within(Math.min(shareMs, leftMs())), seed))) return 1
    if (!(await isKept(listProperty, seed, LISTS))) return 1
    if (!(await isKept(property, seed, BATCH))) return 1
    const seconds = Math.round((performance.now() - startedMs) / 1000)
    console.log(`seed ${seed}: ${told()} in ${seconds} s`)
  }
  console.log(`${told()}, none broke a promise (seeds from ${firstSeed})`)
  return 0
}

await runCommand(
  async () => {
    Object.assign(process.env, TEST_VARIABLES)
    process.exitCode = await soak(options())
  },
  { explain: stackOf },
)
