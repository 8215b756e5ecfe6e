import type { Snapshot, Snapshots, WalkLease } from '../../../lib/people/snapshots.ts'

/** What containers share, in memory. */
export interface MemorySnapshots extends Snapshots {
  readonly kept: Map<string, Snapshot>
  readonly leases: Map<string, WalkLease>
}

/** @param changed methods in place of its own. */
export function snapshotsInMemory(changed: Partial<Snapshots> = {}): MemorySnapshots {
  const kept = new Map<string, Snapshot>()
  const leases = new Map<string, WalkLease>()
  return {
    kept,
    leases,
    async get(name, fromMs) {
      const found = kept.get(name)
      return found && found.atMs >= fromMs ? found : undefined
    },
    put: async (name, snapshot) => void kept.set(name, snapshot),
    lease: async (name) => leases.get(name),
    async putLease(name, next, seen) {
      if (leases.get(name) !== seen) return false
      leases.set(name, next)
      return true
    },
    ...changed,
  }
}
