import { type Environment, readEnvironment } from '../environment.ts'
import type { Composition } from '../http/lambda.ts'
import { renderPeriodPage } from '../seats/page/render-page.ts'
import { type Machine, machine } from './bindings/machine.ts'
import { inventories } from './inventories.ts'

/**
 * As of all that answer from readings, with what draws the page of a period. The authorizer and chat know every operation:
 * were it bound there, all of them would carry the charts.
 */
export function periods(
  environment: Environment = readEnvironment(),
  world: Machine = machine,
): Composition<'inventory'> {
  const composition = inventories(environment, world)
  return {
    ...composition,
    contextFor: (call, operation) => ({
      ...composition.contextFor(call, operation),
      renderPeriod: (report) => renderPeriodPage(report, environment.org.name),
    }),
  }
}
