/** Histories as a property: whatever happens, what must hold at rest holds. */
import fc from 'fast-check'
import { commandsOf } from './commands.ts'
import { faultsOfHistory, scheduler } from './history.ts'

/** How toggles of the embedded org behave, what happens, and in which order calls outside are carried out. */
const history = fc
  .constantFrom('legacy' as const, 'legacy' as const, 'current' as const)
  .chain((toggles) => fc.tuple(fc.constant(toggles), commandsOf(toggles), scheduler()))

/** @param onDone called after each history that kept all promises. */
export function historiesHold(onDone: () => void = () => {}) {
  return fc.asyncProperty(history, async ([toggles, commands, order]) => {
    const faults = await faultsOfHistory(toggles, commands, order)
    if (faults.length > 0) throw new Error(`at rest:\n${faults.join('\n')}`)
    onDone()
  })
}
