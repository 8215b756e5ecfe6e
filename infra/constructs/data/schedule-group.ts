import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import type { OrgFile } from '../../orgs/org-file.ts'
import type { Supply } from '../functions/supply.ts'
import { stackNameOf } from '../names.ts'
import type { DeadLetters } from './dead-letters.ts'

const SCHEDULER = 'scheduler.amazonaws.com'

export interface ScheduleGroupProps {
  readonly org: OrgFile
  /** What every schedule invokes. */
  readonly target: IFunction
  readonly deadLetters: DeadLetters
}

/** The group of the schedules that users make, and the role with which EventBridge Scheduler fires them. */
export class ScheduleGroup extends Construct {
  readonly #group: string
  readonly #role: Role
  readonly #props: ScheduleGroupProps

  constructor(scope: Construct, id: string, props: ScheduleGroupProps) {
    super(scope, id)
    const { org, target, deadLetters } = props
    this.#props = props
    this.#group = stackNameOf(org)
    const group = new CfnScheduleGroup(this, 'Group', { name: this.#group })
    this.#role = new Role(this, 'Role', {
      description: `Fires the schedules of ${this.#group}`,
      // The group, since Scheduler knows no narrower source (its user guide, "Confused deputy prevention").
      assumedBy: new ServicePrincipal(SCHEDULER, {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': group.attrArn },
        },
      }),
    })
    this.#role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
    )
    this.#role.addToPolicy(deadLetters.sending())
  }

  /** @param does whoever makes schedules hands on the role for that; whoever takes them down does neither. */
  use(does: 'make' | 'takeDown'): Supply {
    const { target, deadLetters } = this.#props
    return {
      environment: {
        SCHEDULE_GROUP: this.#group,
        SCHEDULE_TARGET_ARN: target.functionArn,
        SCHEDULE_ROLE_ARN: this.#role.roleArn,
        SCHEDULE_DEAD_LETTER_ARN: deadLetters.queueArn,
      },
      statements: this.#statements(does),
      patternReason:
        "The name of a schedule is its id, chosen when it is made; the group is this stack's own",
    }
  }

  #statements(does: 'make' | 'takeDown'): PolicyStatement[] {
    const resources = [
      Stack.of(this).formatArn({
        service: 'scheduler',
        resource: 'schedule',
        resourceName: `${this.#group}/*`,
      }),
    ]
    if (does === 'takeDown') {
      return [new PolicyStatement({ actions: ['scheduler:DeleteSchedule'], resources })]
    }
    return [
      new PolicyStatement({ actions: ['scheduler:CreateSchedule'], resources }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.#role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': SCHEDULER } },
      }),
    ]
  }
}
