import { RemovalPolicy, Validations } from 'aws-cdk-lib'
import {
  type IntegrationOptions,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  type MethodOptions,
  RestApi,
  type RestApiProps,
} from 'aws-cdk-lib/aws-apigateway'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { OrgFile, Throttle } from '../../orgs/org-file.ts'
import { STAGE, stackNameOf } from '../names.ts'
import type { AccessLog } from './access-log.ts'
import { addGatewayResponses } from './gateway-responses.ts'
import { WebAcl } from './web-acl.ts'

export interface StageApiProps {
  readonly org: OrgFile
  readonly key: IKey
  readonly logRetention: RetentionDays
  readonly accessLog: AccessLog
  /** Added to the stack's name where the stack has more than one API. */
  readonly suffix?: string
  readonly description: string
  readonly throttle: Throttle
  /** By `path/METHOD`, where a method's throttle is another than the stage's. */
  readonly throttles?: Readonly<Record<string, Throttle>>
  /** For cdk-nag. */
  readonly reasons: {
    /** Why API Gateway validates no request itself. */
    readonly noValidation: string
    /** Why the org file may choose to have no web ACL. */
    readonly noWebAcl: string
  }
  readonly api: Pick<
    RestApiProps,
    'endpointConfiguration' | 'disableExecuteApiEndpoint' | 'policy' | 'binaryMediaTypes'
  >
}

/**
 * What both REST APIs are: one stage that is logged, traced and throttled, a web ACL if the org file has one, and API
 * Gateway's own answers in our form. No CORS.
 */
export class StageApi extends RestApi {
  constructor(scope: Construct, id: string, props: StageApiProps) {
    const { org, accessLog, suffix = '', description, throttle, throttles = {}, reasons, api } = props
    super(scope, id, {
      ...api,
      restApiName: stackNameOf(org) + suffix,
      description,
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE,
        tracingEnabled: true,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: accessLog.format,
        ...methodSettings(throttle),
        methodOptions: Object.fromEntries(
          Object.entries(throttles).map(([method, own]) => [method, methodSettings(own)]),
        ),
      },
    })
    // The library's own output has no description, and names the default endpoint even where that is closed.
    this.node.tryRemoveChild('Endpoint')
    addGatewayResponses(this, org.auth.kind)
    this.#ownExecutionLog(props)
    Validations.of(this).acknowledge({ id: 'AwsSolutions-APIG2', reason: reasons.noValidation })
    if (org.waf === false) {
      Validations.of(this.deploymentStage).acknowledge({
        id: 'AwsSolutions-APIG3',
        reason: reasons.noWebAcl,
      })
    } else {
      const webAclId = id.replace(/Api$/, 'WebAcl')
      new WebAcl(scope, webAclId, { api: this, org, waf: org.waf, suffix })
    }
  }

  /**
   * Without the console's test invocation, each function is open to its own method alone.
   *
   * @param transfer how its answer goes on, where that is not whole and within API Gateway's usual time.
   */
  protected addRoute(
    method: string,
    path: string,
    lambda: IFunction,
    options: MethodOptions,
    transfer: Pick<IntegrationOptions, 'responseTransferMode' | 'timeout'> = {},
  ): Method {
    const integration = new LambdaIntegration(lambda, { allowTestInvoke: false, ...transfer })
    return this.root.resourceForPath(path).addMethod(method, integration, options)
  }

  /** API Gateway would make this log group itself, without a key and for ever. */
  #ownExecutionLog({ key, logRetention }: StageApiProps): void {
    const log = new LogGroup(this, 'ExecutionLog', {
      logGroupName: `API-Gateway-Execution-Logs_${this.restApiId}/${STAGE}`,
      retention: logRetention,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.deploymentStage.node.addDependency(log)
  }
}

/** A method's own settings replace the stage's whole, so each says everything. */
function methodSettings({ perSecond, burst }: Throttle): MethodDeploymentOptions {
  return {
    throttlingRateLimit: perSecond,
    throttlingBurstLimit: burst,
    // Errors alone, and never what was sent: tokens, user ids and people's words are in it.
    loggingLevel: MethodLoggingLevel.ERROR,
    dataTraceEnabled: false,
    // Those of the stage are there without; each method's own have their price, and no alarm reads them.
    metricsEnabled: false,
  }
}
