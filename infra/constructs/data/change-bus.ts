import { createHash } from 'node:crypto'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { roleOfSession } from '../../../lib/changes/model/policy.ts'
import { EVENT_SOURCE } from '../../../lib/events/contract.ts'
import type { OrgFile, Tool } from '../../orgs/org-file.ts'
import type { Supply } from '../functions/supply.ts'
import { stackNameOf } from '../names.ts'

/** As `aws:PrincipalArn` has them: of a session it is its role, with the role's path, which no org file names. */
function principalArns(identity: string): string[] {
  const arn = roleOfSession(identity) ?? identity
  return arn.includes(':role/') ? [arn, arn.replace(':role/', ':role/*/')] : [arn]
}

/** The stack's event bus: toggles are asked for on it, and what became of each change is told on it. */
export class ChangeBus extends EventBus {
  constructor(scope: Construct, id: string, org: OrgFile) {
    super(scope, id, {
      eventBusName: stackNameOf(org),
      description: `License changes of ${org.orgName}: requests in, outcomes out`,
    })
    for (const [name, tool] of Object.entries(org.tools ?? {})) this.#keepToItself(name, tool)
  }

  /** Nobody else puts events of a tool's sources, where the org file says by whom it puts them. */
  #keepToItself(name: string, { iam = [], eventSources = [] }: Tool): void {
    if (iam.length === 0 || eventSources.length === 0) return
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: `Tool${createHash('sha256').update(name).digest('hex').slice(0, 16)}`,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['events:PutEvents'],
        resources: [this.eventBusArn],
        conditions: {
          // A call puts up to ten events, each with a source.
          'ForAnyValue:StringEquals': { 'events:source': [...eventSources] },
          ArnNotLike: { 'aws:PrincipalArn': [...new Set(iam.flatMap(principalArns))] },
        },
      }),
    )
  }

  /** To tell what became of changes, and to ask for none in somebody else's name. */
  use(): Supply {
    return {
      environment: { EVENT_BUS: this.eventBusName },
      statements: [
        new PolicyStatement({
          actions: ['events:PutEvents'],
          resources: [this.eventBusArn],
          conditions: {
            'ForAllValues:StringEquals': { 'events:source': [EVENT_SOURCE] },
            // Of no values at all, anything is true.
            Null: { 'events:source': 'false' },
          },
        }),
      ],
    }
  }
}
