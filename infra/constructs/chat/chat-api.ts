import { RemovalPolicy, Validations } from 'aws-cdk-lib'
import {
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { OrgFile, Throttle } from '../../orgs/org-file.ts'
import type { AccessLog } from '../api/access-log.ts'
import { addGatewayResponses } from '../api/gateway-responses.ts'
import { STAGE, stackNameOf } from '../names.ts'
import type { ChatFunctions } from './chat-functions.ts'

/** People type and press: ten a second is a whole company, and what is forged costs no more than that. */
const THROTTLE: Throttle = { perSecond: 10, burst: 20 }

export interface ChatApiProps {
  readonly org: OrgFile
  readonly key: IKey
  readonly logRetention: RetentionDays
  readonly functions: ChatFunctions
  /** The one of the stack's other API: a line says which route it is of. */
  readonly accessLog: AccessLog
}

/** POST /slack and POST /teams, and nothing else. Whoever posts proves themselves by a signature, which the functions check. */
export class ChatApi extends RestApi {
  constructor(scope: Construct, id: string, { org, key, logRetention, functions, accessLog }: ChatApiProps) {
    super(scope, id, {
      restApiName: `${stackNameOf(org)}-chat`,
      description: `Chat about the Genesys Cloud licenses of ${org.orgName}`,
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      // Bodies are handed on as the bytes that were signed.
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE,
        tracingEnabled: true,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: accessLog.format,
        throttlingRateLimit: THROTTLE.perSecond,
        throttlingBurstLimit: THROTTLE.burst,
        // Errors alone, and never what was sent: people's words are in it.
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        metricsEnabled: true,
      },
    })
    // The library's own output has no description; the stack has better ones.
    this.node.tryRemoveChild('Endpoint')
    addGatewayResponses(this, org.auth.kind)
    for (const [platform, fn] of [
      ['slack', functions.slack],
      ['teams', functions.teams],
    ] as const) {
      if (fn === undefined) continue
      const integration = new LambdaIntegration(fn.lambda, { allowTestInvoke: false })
      const method = this.root.resourceForPath(platform).addMethod('POST', integration, {
        authorizationType: AuthorizationType.NONE,
        operationName: platform,
      })
      Validations.of(method).acknowledge(
        {
          id: 'AwsSolutions-APIG4',
          reason: 'Slack and Teams sign their requests with a secret of their own, which the function checks',
        },
        {
          id: 'AwsSolutions-COG4',
          reason: 'Slack and Teams are no users of a pool: they sign what they send',
        },
      )
    }
    this.#ownExecutionLog(key, logRetention)
    this.#acknowledge(org)
  }

  /** API Gateway would make this log group itself, without a key and for ever. */
  #ownExecutionLog(encryptionKey: IKey, retention: RetentionDays): void {
    const log = new LogGroup(this, 'ExecutionLog', {
      logGroupName: `API-Gateway-Execution-Logs_${this.restApiId}/${STAGE}`,
      retention,
      encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.deploymentStage.node.addDependency(log)
  }

  #acknowledge({ waf }: OrgFile): void {
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-APIG2',
      reason:
        'The functions must see the bytes that were signed before anything is made of them, and check their form after that',
    })
    if (waf === false) {
      Validations.of(this.deploymentStage).acknowledge({
        id: 'AwsSolutions-APIG3',
        reason: 'The org file chose no web ACL: every request must be signed, and the stage throttles',
      })
    }
  }
}
