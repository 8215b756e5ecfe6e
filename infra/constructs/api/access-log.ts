import { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { METRIC_DIMENSION } from '../../../lib/observe/metric-names.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import { pathOf, stackNameOf } from '../names.ts'

export interface AccessLogProps {
  readonly org: OrgFile
  readonly key: IKey
  readonly logRetention: RetentionDays
}

/** Fields of a line that alarms look at. */
export const accessLogFields = { status: 'status', stack: METRIC_DIMENSION.toLowerCase() } as const

/** Who called what, when, and what came of it. It outlives the stack, being the record of who used the gateway. */
export class AccessLog extends LogGroup {
  readonly format: AccessLogFormat

  constructor(scope: Construct, id: string, { org, key, logRetention }: AccessLogProps) {
    super(scope, id, {
      logGroupName: `/${pathOf(org)}/access`,
      retention: logRetention,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
    this.format = AccessLogFormat.custom(JSON.stringify(fields(org)))
  }
}

/**
 * Neither header nor query string nor the path as sent: a caller could have put anything there. All values are
 * strings, since API Gateway writes `-` for what it does not know.
 */
function fields(org: OrgFile): Record<string, string> {
  return {
    [accessLogFields.stack]: stackNameOf(org),
    requestId: '$context.requestId',
    time: '$context.requestTime',
    method: '$context.httpMethod',
    route: '$context.resourcePath',
    [accessLogFields.status]: '$context.status',
    principal: org.auth.kind === 'iam' ? '$context.identity.userArn' : '$context.authorizer.principalId',
    sourceIp: '$context.identity.sourceIp',
    errorType: '$context.error.responseType',
    integrationStatus: '$context.integration.status',
    latencyMs: '$context.responseLatency',
    integrationLatencyMs: '$context.integration.latency',
    responseBytes: '$context.responseLength',
    traceId: '$context.xrayTraceId',
  }
}
