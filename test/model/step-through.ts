/**
 * `npm run model -- SCENARIO [STEP…]`: takes the steps by their numbers, and lists what may come next. A
 * scenario is a name in scenario.ts; a step, in the trace of a broken promise too, is named by what happens.
 */
import { DESIGN } from './design.ts'
import { stepsFrom } from './model.ts'
import { SCENARIOS } from './scenario.ts'
import { initialState } from './state.ts'

const [name = '', ...numbers] = process.argv.slice(2)
const scenario = Object.entries(SCENARIOS).find(([each]) => each === name)?.[1]
if (scenario) console.log(stepThrough().join('\n'))
else console.log(`Name a scenario: ${Object.keys(SCENARIOS).join(', ')}`)

function stepThrough(): string[] {
  if (!scenario) return []
  const lines: string[] = [scenario.title]
  let state = initialState(scenario)
  for (const number of numbers) {
    const step = [...stepsFrom(state, { design: DESIGN, scenario })][Number(number) - 1]
    if (!step) return [...lines, `there is no step ${number} here`]
    state = step.next
    lines.push(`- ${step.name}`)
  }
  const changes = state.changes.flatMap((change, slot) =>
    change ? [`${'AB'.charAt(slot)} is ${change.state}`] : [],
  )
  const next = [...stepsFrom(state, { design: DESIGN, scenario })]
  return [
    ...lines,
    `the value is ${state.truth ? 'on' : 'off'}; ${changes.join(', ') || 'nothing is on record'}`,
    ...next.map((step, index) => `  ${index + 1}. ${step.name}`),
  ]
}
