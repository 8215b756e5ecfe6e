import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import type { OrgFile } from '../../orgs/org-file.ts'
import { stackNameOf } from '../names.ts'

/** Requests of one address in 5 minutes: more than 6 a second, sustained, is no internal tool. */
const DEFAULT_RATE_LIMIT = 2_000

export interface WebAclProps {
  readonly api: RestApi
  readonly org: OrgFile
  readonly waf: Exclude<OrgFile['waf'], false>
  /** Added to the stack's name where the stack has more than one of them. */
  readonly suffix?: string
  /** Rules of the common rule set that count and do not block, beside that about bodies' sizes. */
  readonly counted?: readonly string[] | undefined
}

/** A web ACL in front of the stage: one made here, or one the org file names. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { api, org, waf, suffix = '', counted = [] }: WebAclProps) {
    super(scope, id)
    const isForeign = typeof waf === 'object' && 'webAclArn' in waf
    const limit =
      typeof waf === 'object' && 'rateLimitPer5Minutes' in waf ? waf.rateLimitPer5Minutes : DEFAULT_RATE_LIMIT
    new CfnWebACLAssociation(this, 'Association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: isForeign ? waf.webAclArn : this.#own(stackNameOf(org) + suffix, limit, counted).attrArn,
    })
  }

  #own(name: string, limit: number, counted: readonly string[]): CfnWebACL {
    return new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      description: `In front of ${name}`,
      visibilityConfig: visibility(name),
      rules: [
        {
          name: 'rate-of-one-address',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP' } },
          visibilityConfig: visibility(`${name}-rate`),
        },
        {
          name: 'aws-common-rules',
          priority: 1,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              // Blocks bodies over 8 kB; 500 user ids are 20 kB. The functions cap bodies themselves.
              ruleActionOverrides: ['SizeRestrictions_BODY', ...counted].map((rule) => ({
                name: rule,
                actionToUse: { count: {} },
              })),
            },
          },
          visibilityConfig: visibility(`${name}-common`),
        },
      ],
    })
  }
}

/** Metrics, but no samples: those would show whole requests, bearer tokens included, in the WAF console. */
function visibility(metricName: string) {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false, metricName }
}
