import { Validations } from 'aws-cdk-lib'
import {
  AuthorizationType,
  EndpointType,
  type MethodOptions,
  ResponseTransferMode,
} from 'aws-cdk-lib/aws-apigateway'
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { binaryMediaTypes, type Operation } from '../../../lib/operation.ts'
import type { OrgFile, Throttle } from '../../orgs/org-file.ts'
import { STREAM_TIMEOUT } from '../functions/gateway-function.ts'
import { isReading } from '../functions/is-reading.ts'
import type { OperationFunction } from '../functions/operation-function.ts'
import { PAGE_PATHS } from '../names.ts'
import { AccessLog } from './access-log.ts'
import type { Authorizer } from './authorizer.ts'
import { PAGE_THROTTLE, type PageFunction } from './page-function.ts'
import { resourcePolicy } from './resource-policy.ts'
import { StageApi } from './stage-api.ts'

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
  /** Where the org has a page. */
  readonly page?: PageFunction | undefined
}

/** The REST API of the operations: a method for each one's function, and the page at its root. */
export class GatewayApi extends StageApi {
  readonly accessLog: AccessLog

  constructor(
    scope: Construct,
    id: string,
    { org, key, logRetention, functions, authorizer, page }: GatewayApiProps,
  ) {
    const operations = functions.map(({ operation }) => operation)
    const accessLog = new AccessLog(scope, `${id}AccessLog`, { org, key, logRetention })
    const policy = resourcePolicy(scope, org, operations)
    super(scope, id, {
      org,
      key,
      logRetention,
      accessLog,
      description: `Genesys Cloud licenses of ${org.orgName}`,
      throttle: org.throttling?.all ?? ALL,
      throttles: { ...throttlesOfWrites(org, operations), ...(page && throttlesOfPage) },
      reasons: {
        noValidation:
          'The functions check every parameter and body against the schemas of their operation and name every faulty field at once; API Gateway would stop at the first and in its own form',
        noWebAcl:
          'The org file chose no web ACL: every method but those of the page, which is the same for everybody, asks for credentials, and the stage throttles',
      },
      api: {
        endpointConfiguration: endpointOf(scope, org),
        disableExecuteApiEndpoint: org.customDomain !== undefined,
        // Of other types API Gateway makes text, and what was no UTF-8 in them is lost.
        binaryMediaTypes: [...binaryMediaTypes(operations)],
        ...(policy === undefined ? {} : { policy }),
      },
    })
    this.accessLog = accessLog
    for (const { operation, lambda } of functions) {
      const options = { ...authorizationOf(operation, authorizer), operationName: operation.id }
      const transfer = operation.files
        ? { responseTransferMode: ResponseTransferMode.STREAM, timeout: STREAM_TIMEOUT }
        : {}
      this.addRoute(operation.method, operation.path, lambda, options, transfer)
    }
    if (page) this.#servePage(page)
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-COG4',
      reason:
        org.auth.kind === 'iam'
          ? 'Every method asks for SigV4: callers are IAM principals, not users of a pool'
          : 'Every method but those of the page has a Lambda authorizer: any OIDC issuer may be used, a Cognito user pool among them',
    })
  }

  #servePage({ lambda }: PageFunction): void {
    for (const path of PAGE_PATHS) {
      const method = this.addRoute(
        'GET',
        path,
        lambda,
        {
          authorizationType: AuthorizationType.NONE,
          operationName: `getPage${path === '/' ? '' : 'Config'}`,
        },
        { responseTransferMode: ResponseTransferMode.STREAM },
      )
      Validations.of(method).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: 'Whoever opens the page has yet to sign in; nothing in it, or beside it, is secret',
      })
    }
  }
}

function throttlesOfWrites({ throttling }: OrgFile, operations: readonly Operation[]) {
  const writes = operations.filter((operation) => !isReading(operation))
  return Object.fromEntries(
    writes.map(({ path, method }) => [`${path}/${method}`, throttling?.writes ?? WRITES]),
  )
}

const throttlesOfPage = Object.fromEntries(PAGE_PATHS.map((path) => [`/${path.slice(1)}/GET`, PAGE_THROTTLE]))

function endpointOf(scope: Construct, { network }: OrgFile) {
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

function authorizationOf(operation: Operation, authorizer: Authorizer | undefined): MethodOptions {
  if (authorizer === undefined) return { authorizationType: AuthorizationType.IAM }
  return { authorizationType: AuthorizationType.CUSTOM, authorizer: authorizer.for(operation) }
}
