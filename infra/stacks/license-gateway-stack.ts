import { Annotations, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { secretNames } from '../../lib/credentials/secret-names.ts'
import { adviceOnSeats } from '../../lib/license-terms.ts'
import type { Operation } from '../../lib/operation.ts'
import { addWatch } from '../constructs/alarms/add-watch.ts'
import { Authorizer } from '../constructs/api/authorizer.ts'
import { CustomDomain } from '../constructs/api/custom-domain.ts'
import { GatewayApi } from '../constructs/api/gateway-api.ts'
import { PageFunction } from '../constructs/api/page-function.ts'
import { RolePolicies } from '../constructs/api/role-policies.ts'
import { addChat } from '../constructs/chat/add-chat.ts'
import { AuditStorage } from '../constructs/data/audit-storage.ts'
import { ChangeBus } from '../constructs/data/change-bus.ts'
import { DeadLetters } from '../constructs/data/dead-letters.ts'
import { EncryptionKey } from '../constructs/data/encryption-key.ts'
import { GenesysCredentials } from '../constructs/data/genesys-credentials.ts'
import { LedgerStorage } from '../constructs/data/ledger-storage.ts'
import { ListTurns } from '../constructs/data/list-queue.ts'
import { ScheduleGroup } from '../constructs/data/schedule-group.ts'
import { AuditFunction } from '../constructs/functions/audit-function.ts'
import { EventFunctions } from '../constructs/functions/event-functions.ts'
import type { CodeOf, FunctionDefaults } from '../constructs/functions/gateway-function.ts'
import { PolicyLayer } from '../constructs/functions/policy-layer.ts'
import type { WriteSources } from '../constructs/functions/sources.ts'
import { pathOf, stackNameOf } from '../constructs/names.ts'
import type { OrgFile } from '../orgs/org-file.ts'
import { environmentOf } from '../orgs/variables.ts'
import { OperationsStack } from './operations-stack.ts'

/** A quarter: long enough to look back from one license bill to the last. */
const DEFAULT_RETENTION_DAYS = 90

export interface LicenseGatewayStackProps extends StackProps {
  readonly org: OrgFile
  readonly operations: readonly Operation[]
  readonly codeOf: CodeOf
}

/** The gateway of one Genesys org. */
export class LicenseGatewayStack extends Stack {
  constructor(scope: Construct, { org, operations, codeOf, ...props }: LicenseGatewayStackProps) {
    super(scope, stackNameOf(org), {
      description: `License gateway of the Genesys org ${org.orgName} (${org.region})`,
      ...(org.aws === undefined ? {} : { env: org.aws }),
      tags: { ...org.tags },
      ...props,
    })
    const logRetention: RetentionDays = org.logRetentionDays ?? DEFAULT_RETENTION_DAYS
    const key = new EncryptionKey(this, 'Key', org)
    const defaults: FunctionDefaults = {
      codeOf,
      key,
      logRetention,
      logPath: pathOf(org),
      environment: environmentOf(org),
    }
    const deadLetters = new DeadLetters(this, 'DeadLetters')
    const writeSources: WriteSources = {
      credentials: new GenesysCredentials(this, 'Credentials', { org, key, functions: defaults }),
      ledger: new LedgerStorage(this, 'Ledger', { org, key }),
      policy: new PolicyLayer(this, 'Policy', org),
      bus: new ChangeBus(this, 'Bus', org),
      lists: new ListTurns(this, 'Lists'),
    }
    const events = new EventFunctions(this, 'Events', {
      sources: writeSources,
      deadLetters,
      functions: defaults,
    })
    const schedules = new ScheduleGroup(this, 'Schedules', {
      org,
      target: events.fireSchedule.lambda,
      deadLetters,
    })
    const sources = { ...writeSources, schedules }
    const { functions } = new OperationsStack(this, 'Operations', {
      operations,
      sources,
      functions: defaults,
    })
    const auditStorage = new AuditStorage(this, 'AuditStorage', org)
    const audit = new AuditFunction(this, 'Audit', {
      ledger: writeSources.ledger,
      storage: auditStorage,
      functions: defaults,
    })
    const authorizer =
      org.auth.kind === 'jwt'
        ? new Authorizer(this, 'Authorizer', { auth: org.auth, functions: defaults })
        : undefined
    const page =
      org.page && org.auth.kind === 'jwt'
        ? new PageFunction(this, 'Page', { page: org.page, auth: org.auth, functions: defaults })
        : undefined
    const api = new GatewayApi(this, 'Api', { org, key, logRetention, functions, authorizer, page })

    if (org.auth.kind === 'iam') {
      new RolePolicies(this, 'Roles', { api, auth: org.auth, operations })
      Annotations.of(this).addInfo(
        "auth.kind is 'iam': callers sign with SigV4. Official Genesys SDKs send a bearer token and need 'jwt'.",
      )
    }
    if (org.customDomain) new CustomDomain(this, 'CustomDomain', { api, customDomain: org.customDomain })
    const chat =
      org.chat &&
      addChat(this, {
        org,
        chat: org.chat,
        key,
        logRetention,
        accessLog: api.accessLog,
        sources: writeSources,
        deadLetters,
        functions: defaults,
        pageUrl: page && urlOf(org, api),
      })
    addWatch(this, {
      org,
      key,
      api,
      chat,
      operations: functions,
      events,
      audit,
      rotation: writeSources.credentials.rotation,
      authorizer,
      page,
      deadLetters,
      lists: writeSources.lists,
    })
    this.#warnOfUnkeptTools(org)
    this.#warnOfOldSeats(org)
    this.#warnOfIdleRules(org)
    this.#outputs(org, api)
    if (page) this.#outputOfPage(org, api)
    this.#outputsOfChanges(writeSources, deadLetters, auditStorage)
  }

  #warnOfUnkeptTools({ tools = {} }: OrgFile): void {
    for (const [name, { owners }] of Object.entries(tools)) {
      if (owners !== undefined) continue
      Annotations.of(this).addWarningV2(
        `genesys-license-gateway:tool-without-owners-${name}`,
        `tools.${name} has no owners: whoever keeps it could approve what it asks for. Name them, so that they cannot.`,
      )
    }
  }

  #warnOfOldSeats(org: OrgFile): void {
    const advice = adviceOnSeats(org)
    if (advice !== undefined) {
      Annotations.of(this).addWarningV2('genesys-license-gateway:seats-as-before', `${advice}.`)
    }
  }

  #warnOfIdleRules({ approvals = [], limits: { mostPeople } = {} }: OrgFile): void {
    for (const [index, { peopleOver }] of approvals.entries()) {
      if (mostPeople === undefined || peopleOver === undefined || peopleOver < mostPeople) continue
      Annotations.of(this).addWarningV2(
        `genesys-license-gateway:approval-beyond-limits-${index}`,
        `approvals.${index}.peopleOver is ${peopleOver}, and limits.mostPeople lets no change be about more than ${mostPeople}: the rule never asks.`,
      )
    }
  }

  #outputs(org: OrgFile, api: GatewayApi): void {
    new CfnOutput(this, 'ApiUrl', {
      value: urlOf(org, api),
      description: 'Where callers send requests',
    })
    const names = secretNames(org.name)
    new CfnOutput(this, 'ReadClientSecret', {
      value: names.readClient,
      description: 'Put the OAuth client for reads here',
    })
    new CfnOutput(this, 'WriteClientSecret', {
      value: names.writeClient,
      description: 'Put the OAuth client for writes here',
    })
    new CfnOutput(this, 'ReadTokenSecret', {
      value: names.readToken,
      description: 'Rotated: the access token for reads',
    })
    new CfnOutput(this, 'WriteTokenSecret', {
      value: names.writeToken,
      description: 'Rotated: the access token for writes',
    })
  }

  #outputOfPage(org: OrgFile, api: GatewayApi): void {
    new CfnOutput(this, 'PageUrl', {
      value: urlOf(org, api),
      description: 'The page; register it as the redirect URI, letter by letter',
    })
  }

  #outputsOfChanges(
    { bus, ledger, lists }: WriteSources,
    deadLetters: DeadLetters,
    auditStorage: AuditStorage,
  ): void {
    new CfnOutput(this, 'EventBusName', {
      value: bus.eventBusName,
      description: 'Put toggle requests here, and hear here what became of changes',
    })
    new CfnOutput(this, 'EventBusArn', { value: bus.eventBusArn, description: 'The same, for policies' })
    new CfnOutput(this, 'TableName', {
      value: ledger.table.tableName,
      description: 'The ledger of changes; it stays when the stack goes',
    })
    new CfnOutput(this, 'AuditBucketName', {
      value: auditStorage.bucket.bucketName,
      description: 'A file a day of the record that can be checked; it stays when the stack goes',
    })
    new CfnOutput(this, 'DeadLetterQueueUrl', {
      value: deadLetters.queueUrl,
      description: 'Events and schedules that could not be carried out',
    })
    new CfnOutput(this, 'ListLetterQueueUrl', {
      value: lists.deadLetters.queueUrl,
      description: 'Turns of lists that could not be taken',
    })
  }
}

/** With a slash at its end. */
function urlOf({ customDomain }: OrgFile, api: GatewayApi): string {
  return customDomain ? `https://${customDomain.domainName}/` : api.url
}
