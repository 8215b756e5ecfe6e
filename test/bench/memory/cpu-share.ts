/**
 * Holds processes to a share of one core, as Lambda holds a function to its memory's share, by a control group of Linux
 * where this machine lets us make one.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** With so much memory a function has one core: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html. MB. */
const MEMORY_OF_ONE_CORE_MB = 1_769

/** The part of one core that Lambda gives beside a memory; from one core on there are more than one, which one thread cannot use. */
export const shareOf = (memoryMb: number): number => Math.min(1, memoryMb / MEMORY_OF_ONE_CORE_MB)

/** After so long a share that is used up begins anew: a short one, as Lambda's is, lets no call have more than its share. Microseconds. */
const PERIOD_US = 20_000

export interface CpuGroup {
  /** What a process writes its id to, to be in the group. */
  readonly procsFile: string
  /** From now on, for all that is in it, as a part of one core. */
  hold(share: number): void
  /** When nothing is in it any more. */
  remove(): void
}

/** @returns undefined where there is no such group to be had: other systems than Linux, containers, other users than root. */
export function cpuGroup(): CpuGroup | undefined {
  return groupIn('/sys/fs/cgroup/cpu', heldInVersion1) ?? groupIn(ownGroup(), heldInVersion2)
}

type Hold = (directory: string, quotaUs: number) => void

const heldInVersion1: Hold = (directory, quotaUs) => {
  writeFileSync(join(directory, 'cpu.cfs_period_us'), String(PERIOD_US))
  writeFileSync(join(directory, 'cpu.cfs_quota_us'), String(quotaUs))
}

const heldInVersion2: Hold = (directory, quotaUs) =>
  writeFileSync(join(directory, 'cpu.max'), `${quotaUs} ${PERIOD_US}`)

/** The group of version 2 that this process is in. */
function ownGroup(): string {
  const file = '/proc/self/cgroup'
  const [, path = ''] = (existsSync(file) && /^0::(.*)$/m.exec(readFileSync(file, 'utf8'))) || []
  return join('/sys/fs/cgroup', path)
}

function groupIn(parent: string, holdTo: Hold): CpuGroup | undefined {
  const directory = join(parent, `bench-${process.pid}`)
  const hold = (share: number) => holdTo(directory, Math.round(share * PERIOD_US))
  try {
    mkdirSync(directory)
    try {
      hold(1)
    } catch (error) {
      rmdirSync(directory)
      throw error
    }
  } catch {
    return undefined
  }
  return { procsFile: join(directory, 'cgroup.procs'), hold, remove: () => rmdirSync(directory) }
}
