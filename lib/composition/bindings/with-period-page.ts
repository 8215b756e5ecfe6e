import { type Environment, readEnvironment } from '../../environment.ts'
import type { Composition } from '../../http/lambda.ts'
import { countNamed, renderPeriodPage } from '../../seats/page/render-page.ts'

/**
 * The same with what draws the page of a period. The authorizer and chat know every operation: were it bound to that, all
 * of them would carry the charts.
 */
export function withPeriodPage(
  composition: Composition<'inventory'>,
  { org }: Pick<Environment, 'org'> = readEnvironment(),
): Composition<'inventory'> {
  return {
    ...composition,
    contextFor: (call, operation) => ({
      ...composition.contextFor(call, operation),
      renderPeriod: (report) => ({ html: renderPeriodPage(report, org.name), people: countNamed(report) }),
    }),
  }
}
