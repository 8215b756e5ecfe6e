/** What `npm test` takes a part of, whole: the largest scenarios of the model, and every call at which a process may die. */
import { stackOf } from '../../infra/local/usage.ts'
import { CRASH_STORIES, type CrashStory, crashAtCall } from '../changes/proof/crash-points.ts'
import { deliverOften } from '../changes/proof/keys/deliver-often.ts'
import { readingDiesAtCall } from '../inventory/proof/dying-reading.ts'
import { DESIGN } from '../model/design.ts'
import { explore, storyOf } from '../model/explore.ts'
import { modelOf } from '../model/model.ts'
import { LARGEST, SCENARIOS } from '../model/scenario.ts'
import { openChangeWorld } from '../support/changes/change-world.ts'

const DELIVERIES = 10_000

interface Proof {
  readonly title: string
  /** @returns how far it came. @throws Error that says which promise was broken. */
  readonly prove: (isOver: () => boolean) => Promise<string>
}

const proofs: readonly Proof[] = [
  ...Object.entries(SCENARIOS).flatMap(([name, scenario]) => {
    const atLeast = new Map(Object.entries(LARGEST)).get(name)
    return atLeast === undefined
      ? []
      : [{ title: scenario.title, prove: async () => exploreAll(scenario, atLeast) }]
  }),
  ...Object.entries(CRASH_STORIES).flatMap(([title, story]) => [
    {
      title: `${title}, where its process dies before a call`,
      prove: (isOver: () => boolean) => dieAtEach(isOver, async (n) => await diesInStory(story, n, false)),
    },
    {
      title: `${title}, where its process dies after a call`,
      prove: (isOver: () => boolean) => dieAtEach(isOver, async (n) => await diesInStory(story, n, true)),
    },
  ]),
  { title: 'one event of the bus', prove: deliverToOne },
  { title: 'a reading', prove: (isOver) => dieAtEach(isOver, readingDiesAtCall) },
]

/**
 * One after the other, from another first one with each seed, so that each has its turn where there is no time for all.
 *
 * @param say told how each went. @throws Error that says which promise was broken.
 */
export async function soakProofs(
  isOver: () => boolean,
  seed: number,
  say: (line: string) => void,
): Promise<void> {
  const first = seed % proofs.length
  for (const { title, prove } of [...proofs.slice(first), ...proofs.slice(0, first)]) {
    try {
      say(`${title}: ${await prove(isOver)}`)
    } catch (error) {
      throw new Error(`${title}: ${stackOf(error)}`, { cause: error })
    }
    if (isOver()) return
  }
}

function exploreAll(scenario: (typeof SCENARIOS)[keyof typeof SCENARIOS], atLeast: number): string {
  const exploration = explore(modelOf({ design: DESIGN, scenario }))
  const story = storyOf(exploration)
  if (story !== '') throw new Error(story)
  if (exploration.states <= atLeast)
    throw new Error(`it has ${exploration.states} states, of ${atLeast} at least`)
  return `${exploration.states} states`
}

async function deliverToOne(isOver: () => boolean): Promise<string> {
  const world = await openChangeWorld({})
  try {
    await deliverOften(world, DELIVERIES, isOver)
  } finally {
    await world.close()
  }
  return isOver()
    ? 'one change and one POST as far as it came'
    : `${DELIVERIES} deliveries, one change and one POST`
}

async function dieAtEach(isOver: () => boolean, dies: (n: number) => Promise<boolean>): Promise<string> {
  let crashes = 0
  do {
    if (!(await dies(crashes + 1))) return `survived ${crashes} crashes`
    crashes += 1
  } while (!isOver())
  return `survived ${crashes} crashes, with others left`
}

async function diesInStory(story: CrashStory, n: number, isCarriedOut: boolean): Promise<boolean> {
  const { hasDied, faults } = await crashAtCall(story, n, isCarriedOut)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return hasDied
}
