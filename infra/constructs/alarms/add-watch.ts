import type { Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { OrgFile } from '../../orgs/org-file.ts'
import type { Authorizer } from '../api/authorizer.ts'
import type { GatewayApi } from '../api/gateway-api.ts'
import type { PageFunction } from '../api/page-function.ts'
import type { ChatApi } from '../chat/chat-api.ts'
import type { ChatFunctions } from '../chat/chat-functions.ts'
import type { DeadLetters } from '../data/dead-letters.ts'
import type { ListTurns } from '../data/list-queue.ts'
import type { AuditFunction } from '../functions/audit-function.ts'
import type { EventFunctions } from '../functions/event-functions.ts'
import type { GatewayFunction } from '../functions/gateway-function.ts'
import { isReading } from '../functions/is-reading.ts'
import type { OperationFunction } from '../functions/operation-function.ts'
import { AuditAlarms } from './audit-alarms.ts'
import { ChatAlarms } from './chat-alarms.ts'
import { GatewayDashboard } from './dashboard.ts'
import { GatewayAlarms } from './gateway-alarms.ts'
import { ReadingAlarms } from './reading-alarms.ts'
import { SavedQueries } from './saved-queries.ts'
import { TokenAlarms } from './token-alarms.ts'

export interface AddWatchProps {
  readonly org: OrgFile
  readonly key: IKey
  readonly api: GatewayApi
  readonly chat: { readonly api: ChatApi; readonly functions: ChatFunctions } | undefined
  readonly operations: readonly OperationFunction[]
  readonly events: EventFunctions
  readonly audit: AuditFunction
  readonly rotation: GatewayFunction
  readonly authorizer: Authorizer | undefined
  readonly page: PageFunction | undefined
  readonly deadLetters: DeadLetters
  readonly lists: ListTurns
}

/** All by which a stack is watched. Made in the stack itself, so that names there say what it is. */
export function addWatch(stack: Stack, props: AddWatchProps): void {
  const { org, key, api, chat, operations, events, audit, rotation, authorizer, page, deadLetters, lists } =
    props
  const ofPage = page ? [page] : []
  const alarms = new GatewayAlarms(stack, 'Alarms', {
    org,
    key,
    stage: api.deploymentStage,
    accessLog: api.accessLog,
    functions: [
      ...operations.filter(({ operation }) => !operation.files),
      events.takeTurns,
      events.advanceDueChanges,
      events.takeInventory,
      ...(chat?.functions.webhooks ?? []),
    ].map(({ lambda }) => lambda),
    streaming: [...operations.filter(({ operation }) => operation.files), ...ofPage].map(
      ({ lambda }) => lambda,
    ),
    deadLetters,
    listLetters: lists.deadLetters,
  })
  const { notices } = alarms
  const readingAlarms = new ReadingAlarms(stack, 'ReadingAlarms', { org, events, notices })
  const tokenAlarms = new TokenAlarms(stack, 'TokenAlarms', { org, events, notices })
  const auditAlarms = new AuditAlarms(stack, 'AuditAlarms', { org, audit, notices })
  const chatAlarms =
    chat &&
    new ChatAlarms(stack, 'ChatAlarms', {
      org,
      stage: chat.api.deploymentStage,
      functions: chat.functions,
      notices,
    })

  const ofEvents = [
    events.flipToggle,
    events.fireSchedule,
    events.takeTurns,
    events.advanceDueChanges,
    events.takeInventory,
  ]
  const ofChat = chat ? [...chat.functions.webhooks, chat.functions.runCommand] : []
  const ofAuthorizer = authorizer ? [authorizer.function] : []
  const all = [...operations, ...ofEvents, audit.writeAudit, ...ofChat, ...ofAuthorizer, ...ofPage, rotation]
  new GatewayDashboard(stack, 'Watch', {
    org,
    stages: { API: api.deploymentStage, ...(chat && { chat: chat.api.deploymentStage }) },
    functions: Object.fromEntries(all.map(({ fileName, lambda }) => [fileName, lambda])),
    deadLetters,
    lists,
    alarms: [alarms, readingAlarms, tokenAlarms, auditAlarms, ...(chatAlarms ? [chatAlarms] : [])].flatMap(
      (each) => each.alarms,
    ),
  })
  const logsOf = (functions: readonly GatewayFunction[]) => functions.map(({ lambda }) => lambda.logGroup)
  new SavedQueries(stack, 'Queries', {
    org,
    logs: {
      operations: logsOf(operations),
      changes: logsOf([
        ...operations.filter(({ operation }) => !isReading(operation)),
        ...ofEvents,
        ...ofChat,
      ]),
      events: logsOf(ofEvents),
      authorizer: logsOf(ofAuthorizer),
      tokens: logsOf([rotation, events.advanceDueChanges]),
      chat: logsOf(ofChat),
      access: [api.accessLog],
      functions: logsOf(all),
    },
  })
}
