import * as z from 'zod/mini'
import { readJsonFile, StateError, writeJsonFile } from '../../atomic-file.ts'

/** A schedule as the state file keeps it. Times are epoch milliseconds. */
const KeptSchedule = z.strictObject({
  name: z.string(),
  groupName: z.string(),
  clientToken: z.optional(z.string()),
  expression: z.string(),
  timeZone: z.string(),
  /** What the target gets, the scheduled time not yet put in. */
  input: z.string(),
  isDeletedAfterwards: z.boolean(),
  createdAtMs: z.number(),
  /** Absent where it will not fire any more. */
  nextAtMs: z.optional(z.number()),
})
export type KeptSchedule = z.output<typeof KeptSchedule>

const Saved = z.strictObject({ version: z.literal(1), schedules: z.array(KeptSchedule) })

/**
 * The schedules of one stand-in. With a file they survive a restart.
 *
 * @throws Error with a sentence where the file is damaged.
 */
export function createScheduleStore(file: string | undefined) {
  const schedules = new Map<string, KeptSchedule>()
  const key = (groupName: string, name: string) => `${groupName}/${name}`
  let isClosed = false
  for (const each of file === undefined ? [] : readSchedules(file)) {
    schedules.set(key(each.groupName, each.name), each)
  }

  function save(): void {
    if (file === undefined || isClosed) return
    const saved: z.output<typeof Saved> = { version: 1, schedules: [...schedules.values()] }
    writeJsonFile(file, saved)
  }

  return {
    find: (groupName: string, name: string) => schedules.get(key(groupName, name)),
    all: () => [...schedules.values()],
    put(schedule: KeptSchedule): void {
      schedules.set(key(schedule.groupName, schedule.name), schedule)
      save()
    },
    remove({ groupName, name }: Pick<KeptSchedule, 'groupName' | 'name'>): void {
      schedules.delete(key(groupName, name))
      save()
    },
    clear(): void {
      schedules.clear()
      save()
    },
    /** Nothing is kept from now on: the file may belong to a successor. */
    close(): void {
      isClosed = true
    },
  }
}

function readSchedules(file: string): KeptSchedule[] {
  try {
    const found = readJsonFile(file)
    return found === undefined ? [] : z.parse(Saved, found).schedules
  } catch (cause) {
    throw new StateError(`The schedules in ${file} are damaged.`, { cause })
  }
}

/** The schedules of one stand-in. */
export type ScheduleStore = ReturnType<typeof createScheduleStore>
