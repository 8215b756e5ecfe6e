import { RemovalPolicy, Validations } from 'aws-cdk-lib'
import {
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  type MethodOptions,
  RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway'
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Operation } from '../../../lib/operation.ts'
import type { OrgFile, Throttle } from '../../orgs/org-file.ts'
import { isReading } from '../functions/is-reading.ts'
import type { OperationFunction } from '../functions/operation-function.ts'
import { STAGE, stackNameOf } from '../names.ts'
import { AccessLog } from './access-log.ts'
import type { Authorizer } from './authorizer.ts'
import { addGatewayResponses } from './gateway-responses.ts'
import { resourcePolicy } from './resource-policy.ts'

/** Well above what internal tools ask, and ten times what one Genesys token may (300 a minute). */
const ALL: Throttle = { perSecond: 50, burst: 100 }

/** A write costs money and is made by a person or a schedule: two a second is a runaway loop, not work. */
const WRITES: Throttle = { perSecond: 2, burst: 5 }

/** Interface endpoints for execute-api listen on https alone. */
const HTTPS_PORT = 443

export interface GatewayApiProps {
  readonly org: OrgFile
  readonly key: IKey
  readonly logRetention: RetentionDays
  readonly functions: readonly OperationFunction[]
  /** With `jwt`; without it each method asks for SigV4. */
  readonly authorizer: Authorizer | undefined
}

/** The REST API: a method for each operation's function, and API Gateway's own answers in our form. No CORS. */
export class GatewayApi extends RestApi {
  readonly accessLog: AccessLog

  constructor(
    scope: Construct,
    id: string,
    { org, key, logRetention, functions, authorizer }: GatewayApiProps,
  ) {
    const operations = functions.map(({ operation }) => operation)
    const accessLog = new AccessLog(scope, `${id}AccessLog`, { org, key, logRetention })
    const policy = resourcePolicy(scope, org, operations)
    super(scope, id, {
      restApiName: stackNameOf(org),
      description: `Genesys Cloud licenses of ${org.orgName}`,
      endpointConfiguration: endpoint(scope, org),
      disableExecuteApiEndpoint: org.customDomain !== undefined,
      cloudWatchRole: false,
      deployOptions: stage(org, operations, accessLog),
      ...(policy === undefined ? {} : { policy }),
    })
    this.accessLog = accessLog
    // The library's own output names the default endpoint even where that is closed; the stack has a better one.
    this.node.tryRemoveChild('Endpoint')
    addGatewayResponses(this, org.auth.kind)
    for (const { operation, lambda } of functions) {
      // Without the console's test invocation, each function is open to its own method alone.
      const integration = new LambdaIntegration(lambda, { allowTestInvoke: false })
      this.root.resourceForPath(operation.path).addMethod(operation.method, integration, {
        ...authorization(operation, authorizer),
        operationName: operation.id,
      })
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

  #acknowledge({ auth, waf }: OrgFile): void {
    const rules = [
      {
        id: 'AwsSolutions-APIG2',
        reason:
          'The functions check every parameter and body against the schemas of their operation and name every faulty field at once; API Gateway would stop at the first and in its own form',
      },
      {
        id: 'AwsSolutions-COG4',
        reason:
          auth.kind === 'iam'
            ? 'Every method asks for SigV4: callers are IAM principals, not users of a pool'
            : 'Every method has a Lambda authorizer: any OIDC issuer may be used, a Cognito user pool among them',
      },
    ]
    Validations.of(this).acknowledge(...rules)
    if (waf === false) {
      Validations.of(this.deploymentStage).acknowledge({
        id: 'AwsSolutions-APIG3',
        reason: 'The org file chose no web ACL: every method asks for credentials, and the stage throttles',
      })
    }
  }
}

function endpoint(scope: Construct, { network }: OrgFile) {
  if (network.kind === 'regional') return { types: [EndpointType.REGIONAL] }
  return {
    types: [EndpointType.PRIVATE],
    vpcEndpoints: [...new Set(network.vpcEndpointIds)].map((vpcEndpointId) =>
      InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(scope, vpcEndpointId, {
        vpcEndpointId,
        port: HTTPS_PORT,
      }),
    ),
  }
}

function authorization(operation: Operation, authorizer: Authorizer | undefined): MethodOptions {
  if (authorizer === undefined) return { authorizationType: AuthorizationType.IAM }
  return { authorizationType: AuthorizationType.CUSTOM, authorizer: authorizer.for(operation) }
}

function stage(
  { throttling }: OrgFile,
  operations: readonly Operation[],
  accessLog: AccessLog,
): StageOptions {
  const writes = operations.filter((operation) => !isReading(operation))
  return {
    stageName: STAGE,
    tracingEnabled: true,
    accessLogDestination: new LogGroupLogDestination(accessLog),
    accessLogFormat: accessLog.format,
    ...methodSettings(throttling?.all ?? ALL),
    methodOptions: Object.fromEntries(
      writes.map(({ path, method }) => [`${path}/${method}`, methodSettings(throttling?.writes ?? WRITES)]),
    ),
  }
}

/** A method's own settings replace the stage's whole, so each says everything. */
function methodSettings({ perSecond, burst }: Throttle): MethodDeploymentOptions {
  return {
    throttlingRateLimit: perSecond,
    throttlingBurstLimit: burst,
    // Errors alone, and never what was sent: that would put tokens and user ids into a log.
    loggingLevel: MethodLoggingLevel.ERROR,
    dataTraceEnabled: false,
    metricsEnabled: true,
  }
}
