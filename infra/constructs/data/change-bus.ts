import { createHash } from 'node:crypto'
import { Stack } from 'aws-cdk-lib'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { roleOfSession } from '../../../lib/changes/model/policy.ts'
import { EVENT_SOURCE } from '../../../lib/events/contract.ts'
import { orgFileError } from '../../orgs/define-org.ts'
import type { OrgFile, Tool } from '../../orgs/org-file.ts'
import type { Supply } from '../functions/supply.ts'
import { stackNameOf } from '../names.ts'

/** EventBridge's quota "Event bus policy size". It can be raised, and then this is to be too. */
const MAX_CHARACTERS = 10_240

/** Of the bus, in characters: each statement names it. */
const LONGEST_ARN = 'arn:aws-us-gov:events:us-gov-west-1:000000000000:event-bus/genesys-license-'.length + 31

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
    const statements = Object.entries(org.tools ?? {}).flatMap(([name, tool]) =>
      this.#keptToItself(name, tool),
    )
    const length =
      JSON.stringify(Stack.of(this).resolve(statements.map((each) => each.toStatementJson()))).length +
      statements.length * LONGEST_ARN
    if (length > MAX_CHARACTERS) {
      throw orgFileError(org, [
        `tools must have fewer iam or eventSources: the event bus's policy would be ${length} characters long, and EventBridge takes ${MAX_CHARACTERS}`,
      ])
    }
    for (const statement of statements) this.addToResourcePolicy(statement)
  }

  /** Nobody else puts events of a tool's sources, where the org file says by whom it puts them. */
  #keptToItself(name: string, { iam = [], eventSources = [] }: Tool): PolicyStatement[] {
    if (iam.length === 0 || eventSources.length === 0) return []
    return [
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
    ]
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
