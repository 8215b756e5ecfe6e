/** The event bus's rules, as the template has them. */
import * as z from 'zod/mini'
import type { Rule } from '../../../infra/local/aws/events/event-bus.ts'
import type { Placed, Scope } from '../template/expressions.ts'

const Properties = z.object({
  EventBusName: z.optional(z.unknown()),
  EventPattern: z.optional(
    z.strictObject({
      source: z.optional(z.array(z.string())),
      'detail-type': z.optional(z.array(z.string())),
    }),
  ),
  Targets: z.array(z.object({ Arn: z.unknown() })),
})

export interface RuleSources {
  readonly resolve: (value: unknown, scope: Scope) => string
  /** Files of functions by the ARN of each. */
  readonly byArn: ReadonlyMap<string, string>
  readonly invokeWhole: (name: string, event: unknown) => Promise<unknown>
}

/**
 * One rule of the bus for each target; none for what the time calls. @throws Error where a pattern asks for more than
 * these two, or a target is no function of the stack.
 */
export function ruleOf({ logicalId, resource, scope }: Placed, sources: RuleSources): readonly Rule[] {
  const { EventPattern: pattern, Targets } = Properties.parse(resource.Properties)
  if (pattern === undefined) return []
  const isOneOf = (wanted: readonly string[] | undefined, found: string) => wanted?.includes(found) ?? true
  return Targets.map(({ Arn }) => {
    const name = sources.byArn.get(sources.resolve(Arn, scope))
    if (name === undefined) throw new Error(`The rule ${logicalId} leads to no function of the stack`)
    return {
      name: logicalId,
      functionName: name,
      matches: (event) =>
        isOneOf(pattern.source, event.source) && isOneOf(pattern['detail-type'], event['detail-type']),
      target: (event) => sources.invokeWhole(name, event),
    }
  })
}
