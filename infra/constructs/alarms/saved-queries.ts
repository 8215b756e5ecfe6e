/** What an operator asks the logs: queries of Logs Insights, saved in a folder that is called as the stack. */
import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { undoneStates } from '../../../lib/changes/model/change-events.ts'
import type { OrgFile } from '../../orgs/org-file.ts'
import { stackNameOf } from '../names.ts'

/** Log groups that one query takes (CloudWatch Logs User Guide, "CloudWatch Logs quotas"). */
const MAX_LOG_GROUPS = 50

/** What logs alike; nothing where the stack has none of it. */
export interface QueriedLogs {
  /** A line for each request. */
  readonly operations: readonly ILogGroup[]
  /** Whatever records, decides or carries out a change. */
  readonly changes: readonly ILogGroup[]
  /** What events, schedules and the time call. */
  readonly events: readonly ILogGroup[]
  readonly authorizer: readonly ILogGroup[]
  /** What makes access tokens, and what watches their age. */
  readonly tokens: readonly ILogGroup[]
  readonly chat: readonly ILogGroup[]
  /** API Gateway's own, a line for each request to any of the APIs. */
  readonly access: readonly ILogGroup[]
  /** All functions. */
  readonly functions: readonly ILogGroup[]
}

export interface SavedQuery {
  readonly logs: keyof QueriedLogs
  /** Logs Insights QL, a command a line. */
  readonly commands: readonly string[]
}

/** What somebody has to put in before the query finds anything. */
const CHANGE_ID = 'CHANGE-ID'
const REQUEST_ID = 'REQUEST-ID'

const listOf = (values: readonly string[]) => `[${values.map((value) => `"${value}"`).join(', ')}]`

/** By name. Fields and codes are those of lib/observe, of the access log, and of Lambda's own lines. */
export const savedQueries: Readonly<Record<string, SavedQuery>> = {
  'Requests that failed': {
    logs: 'operations',
    commands: [
      'fields @timestamp, operation, status, errorCode, error.message, upstreamStatus, correlationId, changeId, requestId',
      'filter code = "request.served" and status >= 500',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  Files: {
    logs: 'operations',
    commands: [
      'fields @timestamp, operation, actor.kind, actor.id, file.type, file.rows, file.people, file.bytes, file.end, clientStalled, asked.userId, asked.licenseId, asked.periodId, asked.changeId, asked.user, asked.license, asked.from, asked.to, errorCode, requestId',
      'filter code = "request.served" and file.end in ["whole", "broken off", "abandoned"]',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  'Requests by operation': {
    logs: 'operations',
    commands: [
      'filter code = "request.served"',
      'stats count(*) as requests, pct(durationMs, 50) as p50, pct(durationMs, 95) as p95, max(durationMs) as slowest, sum(upstreamRequests) as toGenesys, sum(UpstreamRetries) as askedAgain, max(RateLimitUsed) as ofTheRateLimit by operation',
      'sort requests desc',
    ],
  },
  'One request': {
    logs: 'operations',
    commands: [
      'fields @timestamp, @logStream, level, code, operation, status, errorCode, error.message, changeId, @message',
      `filter requestId = "${REQUEST_ID}"`,
      'sort @timestamp asc',
    ],
  },
  'Who was refused': {
    logs: 'access',
    commands: [
      'filter status like /^4/',
      'stats count(*) as requests by status, errorType, method, route, principal, sourceIp',
      'sort requests desc',
      'limit 200',
    ],
  },
  'Who called what': {
    logs: 'access',
    commands: [
      'fields @timestamp, principal, sourceIp, method, route, status, latencyMs, requestId',
      'sort @timestamp desc',
      'limit 500',
    ],
  },
  'Callers whose token was refused': {
    logs: 'authorizer',
    commands: [
      'filter code in ["token.refused", "keys.unreachable", "keys.stale"]',
      'stats count(*) as callers, latest(@timestamp) as last by code, reason, error.message',
      'sort callers desc',
    ],
  },
  'Story of one change': {
    logs: 'changes',
    commands: [
      'fields @timestamp, @log, code, state, note, what, failureCode, operation, status, upstreamWriteStatus, correlationId, error.message',
      `filter changeId = "${CHANGE_ID}"`,
      'sort @timestamp asc',
    ],
  },
  'Changes that need somebody, or ended undone': {
    logs: 'changes',
    commands: [
      'fields @timestamp, changeId, kind, state, note, failureCode',
      `filter code = "change.moved" and state in ${listOf(['NEEDS_ATTENTION', ...undoneStates])}`,
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  'What was left to the tick': {
    logs: 'changes',
    commands: [
      'fields @timestamp, changeId, what, error.message, error.cause.message',
      'filter code = "change.left"',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  Ticks: {
    logs: 'events',
    commands: [
      'filter code = "tick.ran"',
      'stats count(*) as ticks, sum(advanced) as advanced, sum(told) as told, sum(failed) as failed, max(left) as left, max(OldestDueSeconds) as longestDueSeconds by bin(5m)',
    ],
  },
  Readings: {
    logs: 'events',
    commands: [
      'fields @timestamp, code, readingId, pages, people, isWhole, missing, differences, tookMs, chore, error.message, error.cause.message',
      'filter code in ["reading.ended", "reading.stretch", "chore.failed"]',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  'Events and schedules refused': {
    logs: 'events',
    commands: [
      'fields @timestamp, id, why',
      'filter code = "event.refused"',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  'Access tokens': {
    logs: 'tokens',
    commands: [
      'fields @timestamp, @log, code, tokenSecret, error.message, message.errorMessage',
      'filter level = "ERROR" or code in ["rotation.failed", "token.age.unknown"]',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  'Chat that came to nothing': {
    logs: 'chat',
    commands: [
      'fields @timestamp, code, platform, person, wish, why, reason, what, status, deliveryId, changeId, error.message',
      'filter code in ["chat.refused", "chat.not.done", "chat.undelivered", "chat.lost", "chat.failed"]',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  'Functions that failed': {
    logs: 'functions',
    commands: [
      'fields @timestamp, @log, code, error.name, error.message, error.cause.name, error.cause.message, message.errorType, message.errorMessage, record.status, record.metrics.durationMs, record.metrics.maxMemoryUsedMB, requestId',
      'filter code = "function.failed" or level in ["ERROR", "FATAL"] or record.status in ["error", "failure", "timeout"]',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
}

export interface SavedQueriesProps {
  readonly org: OrgFile
  readonly logs: QueriedLogs
}

export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { org, logs }: SavedQueriesProps) {
    super(scope, id)
    for (const [name, query] of Object.entries(savedQueries)) {
      const groups = logs[query.logs]
      const parts = Math.ceil(groups.length / MAX_LOG_GROUPS)
      for (let part = 0; part < parts; part++)
        new CfnQueryDefinition(this, `${name.replaceAll(/\W/g, '')}${part === 0 ? '' : part + 1}`, {
          name: `${stackNameOf(org)}/${name}${parts === 1 ? '' : ` (${part + 1} of ${parts})`}`,
          queryString: query.commands.join('\n| '),
          logGroupNames: groups
            .slice(part * MAX_LOG_GROUPS, (part + 1) * MAX_LOG_GROUPS)
            .map(({ logGroupName }) => logGroupName),
        })
    }
  }
}
