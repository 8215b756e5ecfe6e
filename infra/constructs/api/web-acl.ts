import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import type { OrgFile } from '../../orgs/org-file.ts'
import { stackNameOf } from '../names.ts'

/** Requests of one address in 5 minutes: more than 6 a second, sustained, is no internal tool. */
const DEFAULT_RATE_LIMIT = 2_000

/**
 * Rules of AWS's common rule set that count and do not block (its developer guide, "Core rule set"). The functions take
 * what their schemas allow, cap bodies themselves, and hand nothing to a shell, a file or a browser.
 */
const COUNTED: readonly string[] = [
  // Blocks bodies over 8 kB; 500 user ids are 20 kB.
  'SizeRestrictions_BODY',
  // Over 2 kB: what an issuer sends people back to the page with may have as much, Entra's codes above all.
  'SizeRestrictions_QUERYSTRING',
  // A reason, a note, a name or a message in chat may hold an address, a path, HTML.
  ...['CrossSiteScripting', 'EC2MetaDataSSRF', 'GenericLFI', 'GenericRFI'].flatMap((rule) => [
    `${rule}_BODY`,
    `${rule}_QUERYARGUMENTS`,
  ]),
  // Part of a name or an address that people are looked for by may end like a file's.
  'RestrictedExtensions_QUERYARGUMENTS',
  // Scripts, and webhooks of some platforms, send none.
  'NoUserAgent_HEADER',
]

/** What no sample of a request shows: credentials, signatures, and who was looked for. */
const PROTECTED: readonly CfnWebACL.FieldToProtectProperty[] = [
  {
    fieldType: 'SINGLE_HEADER',
    fieldKeys: ['authorization', 'cookie', 'x-amz-security-token', 'x-slack-signature'],
  },
  { fieldType: 'QUERY_STRING' },
  { fieldType: 'BODY' },
]

export interface WebAclProps {
  readonly api: RestApi
  readonly org: OrgFile
  readonly waf: Exclude<OrgFile['waf'], false>
  /** Added to the stack's name where the stack has more than one of them. */
  readonly suffix?: string
}

/** A web ACL in front of the stage: one made here, or one the org file names. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { api, org, waf, suffix = '' }: WebAclProps) {
    super(scope, id)
    const isForeign = typeof waf === 'object' && 'webAclArn' in waf
    const limit =
      typeof waf === 'object' && 'rateLimitPer5Minutes' in waf ? waf.rateLimitPer5Minutes : DEFAULT_RATE_LIMIT
    new CfnWebACLAssociation(this, 'Association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: isForeign ? waf.webAclArn : this.#own(stackNameOf(org) + suffix, limit).attrArn,
    })
  }

  #own(name: string, limit: number): CfnWebACL {
    return new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      description: `In front of ${name}`,
      dataProtectionConfig: { dataProtections: PROTECTED.map(protection) },
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
              ruleActionOverrides: COUNTED.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
            },
          },
          visibilityConfig: visibility(`${name}-common`),
        },
      ],
    })
  }
}

/** Samples of requests, by which one that was blocked is found: a hundred a rule, for three hours, at no price. */
function visibility(metricName: string) {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName }
}

function protection(field: CfnWebACL.FieldToProtectProperty): CfnWebACL.DataProtectProperty {
  return { action: 'SUBSTITUTION', field }
}
