import { EventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { OrgFile } from '../orgs/org-file.ts'
import { stackNameOf } from './names.ts'
import type { Supply } from './supply.ts'

/** The stack's event bus: toggles are asked for on it, and what became of each change is told on it. */
export class ChangeBus extends EventBus {
  constructor(scope: Construct, id: string, org: OrgFile) {
    super(scope, id, {
      eventBusName: stackNameOf(org),
      description: `License changes of ${org.orgName}: requests in, outcomes out`,
    })
  }

  use(): Supply {
    return {
      environment: { EVENT_BUS: this.eventBusName },
      statements: [new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.eventBusArn] })],
    }
  }
}
