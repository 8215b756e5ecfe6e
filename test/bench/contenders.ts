/** Who is measured. */
import type { Builds, Rival } from './builds.ts'

/** One that is measured; ours has no rival's name. */
export interface Contender {
  readonly name: 'ours' | Rival
  readonly bundle: string
}

interface Built {
  readonly builds: Builds
}

/** Ours and all rivals, for the read. */
export function readers({ builds }: Built): readonly Contender[] {
  return [
    { name: 'ours', bundle: builds.ours('get-license-user') },
    { name: 'bare', bundle: builds.rival('bare') },
    { name: 'usual', bundle: builds.rival('usual') },
    { name: 'official-sdk', bundle: builds.rival('official-sdk') },
  ]
}

/** Ours and the handler that only sends the one POST. */
export function writers(
  { builds }: Built,
  functionName: string,
): readonly [ours: Contender, bare: Contender] {
  return [
    { name: 'ours', bundle: builds.ours(functionName) },
    { name: 'bare', bundle: builds.rival('bare') },
  ]
}

/** Ours and Slack's own framework, for a command typed in Slack. */
export function webhooks({ builds }: Built): readonly Contender[] {
  return [
    { name: 'ours', bundle: builds.ours('slack') },
    { name: 'bolt', bundle: builds.rival('bolt') },
  ]
}

/** The same contenders, another one first each round, so that none always follows the same neighbour. */
export function turned<T>(contenders: readonly T[], round: number): readonly T[] {
  const at = round % contenders.length
  return [...contenders.slice(at), ...contenders.slice(0, at)]
}
