/**
 * The laptop's whole stack with an org that has been read, and a browser at its page: how long somebody who is signed in
 * waits from the address to the seats of each license with their days. Tells its parent.
 *
 * Arguments: how many people the org has, how many views are measured.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext } from 'playwright-core'
import { startLocal } from '../../../infra/local/stack.ts'
import { deadlineIn, systemClock } from '../../../lib/clock.ts'
import { readings } from '../../../lib/composition/readings.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { PER_TRY_TIMEOUT_MS } from '../../../lib/genesys/scope.ts'
import { takeReading } from '../../../lib/inventory/reading/take-reading.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { startBrowser } from '../../support/browser.ts'

export interface FirstViewSample {
  /** From the address to what is drawn, one a view, milliseconds. */
  readonly viewsMs: readonly number[]
  readonly licenses: number
  /** Of the page and the API's answers, as they are sent, in one view. */
  readonly requests: number
}

/** As long as a reading of 100,000 people takes at 240 requests a minute, and some more. */
const HOUR_MS = 3_600_000

const [users = Number.NaN, views = Number.NaN] = process.argv.slice(2).map(Number)

/** On a clock that was an hour ago and that sleeping moves on in no time. */
async function readWhole(): Promise<void> {
  let sleptMs = -HOUR_MS
  const clock = {
    ...systemClock,
    nowMs: () => Date.now() + Math.floor(sleptMs),
    monotonicMs: () => performance.now() + sleptMs,
    sleep: async (ms: number) => {
      sleptMs += ms
      await new Promise(setImmediate)
    },
  }
  const machine = { clock, transport: nodeTransport, perTryTimeoutMs: PER_TRY_TIMEOUT_MS }
  const { workFor } = readings(readEnvironment(), machine)
  const { reading } = await workFor(deadlineIn(HOUR_MS, clock), 'take-inventory')
  await takeReading(reading)
}

async function signedIn(browser: Browser, gateway: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.goto(`${gateway}/`)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: ', viewer' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  await page.close()
  return context
}

async function view(context: BrowserContext, gateway: string) {
  const page = await context.newPage()
  let requests = 0
  page.on('request', () => {
    requests += 1
  })
  const startedMs = performance.now()
  await page.goto(`${gateway}/`)
  await page.locator('.license .days svg').last().waitFor()
  const tookMs = performance.now() - startedMs
  const licenses = await page.locator('.license').count()
  await page.close()
  return { tookMs, requests, licenses }
}

async function measure(directory: string): Promise<FirstViewSample> {
  const stack = await startLocal({
    directory,
    org: { users, requestsPerMinute: 1e9 },
    takesInventory: false,
    writeLine: () => {},
  })
  const browser = await startBrowser()
  try {
    await readWhole()
    const context = await signedIn(browser, stack.gateway)
    // What is measured is a laptop that is warm.
    let last = await view(context, stack.gateway)
    const viewsMs: number[] = []
    while (viewsMs.length < views) {
      last = await view(context, stack.gateway)
      viewsMs.push(last.tookMs)
    }
    return { viewsMs, licenses: last.licenses, requests: last.requests }
  } finally {
    await browser.close()
    await stack.close()
  }
}

const directory = mkdtempSync(join(tmpdir(), 'first-view-'))
try {
  process.send?.(await measure(directory))
} finally {
  rmSync(directory, { recursive: true, force: true })
}
