import { Validations } from 'aws-cdk-lib'
import { AuthorizationType, EndpointType } from 'aws-cdk-lib/aws-apigateway'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { OrgFile, Throttle } from '../../orgs/org-file.ts'
import type { AccessLog } from '../api/access-log.ts'
import { StageApi } from '../api/stage-api.ts'
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
export class ChatApi extends StageApi {
  constructor(scope: Construct, id: string, { org, key, logRetention, functions, accessLog }: ChatApiProps) {
    super(scope, id, {
      org,
      key,
      logRetention,
      accessLog,
      suffix: '-chat',
      description: `Chat about the Genesys Cloud licenses of ${org.orgName}`,
      throttle: THROTTLE,
      reasons: {
        noValidation:
          'The functions must see the bytes that were signed before anything is made of them, and check their form after that',
        noWebAcl: 'The org file chose no web ACL: every request must be signed, and the stage throttles',
      },
      api: {
        endpointConfiguration: { types: [EndpointType.REGIONAL] },
        // Bodies are handed on as the bytes that were signed.
        binaryMediaTypes: ['*/*'],
      },
    })
    for (const [platform, fn] of [
      ['slack', functions.slack],
      ['teams', functions.teams],
    ] as const) {
      if (fn === undefined) continue
      const method = this.addRoute('POST', platform, fn.lambda, {
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
  }
}
