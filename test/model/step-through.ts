/**
 * `npm run model -- SCENARIO [STEP…]`: takes the steps by their numbers, and lists what may come next. A scenario is a name
 * in scenario.ts or lists/list-design.ts; a step, in the trace of a broken promise too, is named by what happens.
 */
import { DESIGN } from './design.ts'
import type { Model } from './explore.ts'
import { LIST_DESIGN, LIST_SCENARIOS } from './lists/list-design.ts'
import { modelOfList } from './lists/list-promises.ts'
import type { ListWorld } from './lists/list-state.ts'
import { modelOf } from './model.ts'
import { SCENARIOS } from './scenario.ts'
import type { State } from './state.ts'

const [name = '', ...numbers] = process.argv.slice(2)
const scenario = named(SCENARIOS)
const listScenario = named(LIST_SCENARIOS)
if (scenario) {
  const model = modelOf({ design: DESIGN, scenario })
  console.log([scenario.title, ...stepThrough(model, describeChanges)].join('\n'))
} else if (listScenario) {
  const model = modelOfList({ design: LIST_DESIGN, scenario: listScenario })
  console.log([listScenario.title, ...stepThrough(model, describeList)].join('\n'))
} else console.log(`Name a scenario: ${Object.keys({ ...SCENARIOS, ...LIST_SCENARIOS }).join(', ')}`)

function named<Scenario>(scenarios: Readonly<Record<string, Scenario>>): Scenario | undefined {
  return Object.entries(scenarios).find(([each]) => each === name)?.[1]
}

function stepThrough<World>(
  { start, stepsFrom }: Model<World, string>,
  describe: (world: World) => string,
): string[] {
  const lines: string[] = []
  let world = start
  for (const number of numbers) {
    const step = [...stepsFrom(world)][Number(number) - 1]
    if (!step) return [...lines, `there is no step ${number} here`]
    world = step.next
    lines.push(`- ${step.name}`)
  }
  const next = [...stepsFrom(world)]
  return [...lines, describe(world), ...next.map((step, index) => `  ${index + 1}. ${step.name}`)]
}

function describeChanges({ truth, changes }: State): string {
  const standing = changes.flatMap((change, slot) =>
    change ? [`${'AB'.charAt(slot)} is ${change.state}`] : [],
  )
  return `the value is ${truth ? 'on' : 'off'}; ${standing.join(', ') || 'nothing is on record'}`
}

function describeList({ record: { state, list }, parts, messages }: ListWorld): string {
  const { next, open, outcomes, stopped } = list
  const counts = Object.entries(outcomes).map(([outcome, pairs]) => `${pairs} ${outcome}`)
  const isStopped = stopped ? `, ${stopped.why}` : ''
  return `the list is ${state}${isStopped}: part ${next} is next, open [${open}], counted ${counts.join(', ') || 'nothing'}; in truth the parts are ${parts.join(' and ')}; messages: ${messages}`
}
