/** An org of many people, each part in a process of its own. Five times as many are `npm run bench -- --only inventory`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { memoryMbOf } from '../../../infra/constructs/functions/memory.ts'
import type { InventorySample } from '../../bench/processes/inventory.ts'
import { answerOf, heapLimitsOf, startServers } from '../../bench/processes.ts'
import { variablesOf } from '../../bench/rig.ts'

const USERS = 20_000
const PATIENCE_MS = 60_000

it(
  'is read in one request for each hundred people and walk, counted in two reads of the ledger, and streamed with flat memory',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'large-'))
    const policyFile = join(directory, 'policy.json')
    const iam = ['arn:aws:iam::000000000000:role/license-report']
    writeFileSync(
      policyFile,
      JSON.stringify({ approvals: [], people: { report: { role: 'operator', iam } } }),
    )
    const servers = await startServers({
      users: USERS,
      requestsPerMinute: 1e9,
      billing: { contracts: [{ seats: { cloudCX3: 250 } }] },
    })
    onTestFinished(async () => {
      await servers.stop()
      rmSync(directory, { recursive: true })
    })
    const script = join(import.meta.dirname, '../../bench/processes/inventory.ts')
    const variables = JSON.stringify(variablesOf(servers, policyFile))
    const limits = heapLimitsOf(memoryMbOf('take-inventory'))
    const { reading, seats, file } = (await answerOf(script, [variables], limits)) as InventorySample
    expect(reading.requests).toBe((2 * USERS) / 100)
    // 240 requests a minute, on a clock that sleeping moves on.
    expect(reading.tookMs).toBeLessThan(1.15 * 250 * reading.requests)
    expect(reading.peakBytes).toBeLessThan(256_000_000)
    expect([seats.ledgerCalls, seats.paidFor]).toEqual([2, 250])
    expect(seats.held).toBeGreaterThan(USERS)
    expect(file.rows).toBe(USERS)
    expect(file.growthBytes).toBeLessThan(20_000_000)
  },
  PATIENCE_MS,
)
