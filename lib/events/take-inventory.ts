/** Once a minute: readings of who holds what, and what rests on them. */
import type { ReadingWork } from '../inventory/reading/reading-work.ts'
import { takeReading } from '../inventory/reading/take-reading.ts'

/** What is looked at each minute besides: it costs next to nothing where there is nothing to do. Two may run at once. */
export interface Chore {
  /** For the log. */
  readonly name: string
  run(): Promise<void>
}

export interface InventoryWork {
  readonly reading: ReadingWork
  /** Done one after the other, and each whatever became of those before. */
  readonly chores: readonly Chore[]
  /** Told of a chore that failed: the next minute does it again. */
  readonly noteFailedChore: (name: string, error: unknown) => void
}

/** @throws GatewayError `ledger.unavailable`, once the chores are done. */
export async function takeInventory({ reading, chores, noteFailedChore }: InventoryWork): Promise<void> {
  try {
    await takeReading(reading)
  } finally {
    for (const chore of chores) {
      try {
        await chore.run()
      } catch (error) {
        noteFailedChore(chore.name, error)
      }
    }
  }
}
