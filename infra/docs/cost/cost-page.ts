/** docs/cost.md: what a stack of a template costs, by what is measured (usage.ts) and list prices (prices.ts). */
import { metricNames } from '../../../lib/observe/metric-names.ts'
import { PRICES_READ_ON, PRICES_REGION, type PriceName, prices } from './prices.ts'
import { type Usage, type UsageName, usages } from './usage.ts'

/** As CloudFormation gets it. */
export interface CostedTemplate {
  readonly Resources: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** In a minute in which somebody looks at it: its badge and whether writes are paused, and the view. lib/page/browser says how often each asks. */
const PAGE_ASKS = { seats: 18, approvals: 44 } as const
/** Hours of a month, as AWS reckons. */
const HOURS = 730
const TICKS = HOURS * 60
/** Two tokens, every 12 hours. */
const ROTATIONS = (HOURS / 12) * 2
/**
 * Lambda asks an empty queue five times at once, 20 seconds long each (Lambda developer guide, "Configuring scaling behavior
 * for SQS event source mappings": of standard queues; of others it says nothing else).
 */
const POLLS = HOURS * 3600 * (5 / 20)

/** What one answer of Genesys is taken to take, and one of an AWS service: docs/performance.md's rows. Milliseconds. */
const GENESYS_MS = 100
const AWS_MS = 5
/** CPU time of one call on a whole core, milliseconds: docs/performance.md, rounded. What it does not measure is taken as a write. */
export const CPU_MS = { read: 0.13, write: 4.5, webhook: 0.5 } as const
/** A core is had at so much memory (Lambda developer guide, "Configure Lambda function memory"). MB. */
const CORE_MB = 1_769

/** Beside the functions' own lines, bytes, estimated: Lambda's own two of an invocation; API Gateway's one of a request. */
const LAMBDA_LOG_BYTES = 900
const ACCESS_LOG_BYTES = 600

/** Put once a minute whatever happens; all others only in hours in which there is something to tell. */
export const STEADY_METRICS = [
  metricNames.tickRan,
  metricNames.changesLeft,
  metricNames.oldestDue,
  metricNames.readTokenAge,
  metricNames.writeTokenAge,
  metricNames.changesOpen,
  metricNames.writesPaused,
  metricNames.readingAge,
]

interface Thing {
  readonly title: string
  readonly usage: Usage
  /** The function that does the waiting; the others only compute. */
  readonly waits: string
  readonly cpuMs: number
}

const things = {
  read: { title: 'reads (GET one user)', waits: 'get-license-user', cpuMs: CPU_MS.read },
  grant: {
    title: 'grants of one license to one person',
    waits: 'post-license-organization',
    cpuMs: CPU_MS.write,
  },
  toggle: { title: 'toggles set', waits: 'put-toggle', cpuMs: CPU_MS.write },
  chatRead: { title: 'questions in Slack', waits: 'run-command', cpuMs: CPU_MS.write },
  chatGrant: { title: 'grants in Slack, planned and confirmed', waits: 'run-command', cpuMs: CPU_MS.write },
  page: { title: 'openings of the page', waits: 'get-page', cpuMs: CPU_MS.read },
  tick: { title: 'ticks', waits: 'advance-due-changes', cpuMs: CPU_MS.webhook },
  readings: { title: 'minutes without a reading', waits: 'take-inventory', cpuMs: CPU_MS.webhook },
  audit: { title: 'hours without an audit file to write', waits: 'write-audit', cpuMs: CPU_MS.webhook },
  rotation: { title: 'rotations', waits: 'rotate-token', cpuMs: CPU_MS.webhook },
} as const satisfies Readonly<Record<UsageName, Omit<Thing, 'usage'>>>

/** Dollars. */
interface Cost {
  readonly api: number
  readonly webAcl: number
  readonly lambda: number
  readonly ledger: number
  /** Events and calls of Secrets Manager. */
  readonly calls: number
  readonly logs: number
  readonly traces: number
}

/** @param template of an org file with a web ACL of ours and with chat: of both everything is told apart. */
export function costPage(template: CostedTemplate): string {
  const idle = idleRows(template)
  const memoryOf = memories(template)
  const tick = totalOf(costOf('tick', memoryOf)) * TICKS
  const readings = totalOf(costOf('readings', memoryOf)) * TICKS
  const audit = totalOf(costOf('audit', memoryOf)) * HOURS
  const rotation = totalOf(costOf('rotation', memoryOf)) * ROTATIONS
  const rows = [
    ...idle,
    { what: 'the tick, once a minute', count: TICKS, usd: tick },
    {
      what: 'looking whether a reading of who holds what is due, once a minute',
      count: TICKS,
      usd: readings,
    },
    { what: "looking whether a day's audit file is due, once an hour", count: HOURS, usd: audit },
    {
      what: 'asking the queue of lists for turns, all the time (an estimate)',
      count: POLLS,
      usd: (POLLS * prices.fifoRequest.usd) / prices.fifoRequest.per,
    },
    { what: 'rotations of two access tokens, twice a day', count: Math.round(ROTATIONS), usd: rotation },
  ]
  const minutelyRead = totalOf(costOf('read', memoryOf)) * 60
  const perUse = (['read', 'grant', 'toggle', 'chatRead', 'chatGrant', 'page'] as const).map((name) => ({
    name,
    cost: costOf(name, memoryOf),
  }))
  return [
    '# What it costs',
    '',
    `Written by \`npm run docs\` from the synthesized template of [infra/orgs/example.ts](../infra/orgs/example.ts) with Slack, Teams and the page, from what one of each thing was measured to use, and from list prices in ${PRICES_REGION} as they were read on ${PRICES_READ_ON}. US dollars; free tiers and discounts are not counted. Another region costs more or less.`,
    '',
    '## A month in which nothing happens',
    '',
    '| what | how many | dollars |',
    '|---|---|---|',
    ...rows.map(({ what, count, usd }) => `| ${what} | ${count.toLocaleString('en-US')} | ${dollars(usd)} |`),
    `| together | | **${dollars(rows.reduce((sum, { usd }) => sum + usd, 0))}** |`,
    '',
    'Without `waf` in the org file the web ACLs and their rules fall away; without `chat`, its secrets, alarms and one of the web ACLs. A table, a bus, a queue, functions and an API cost nothing while nobody uses them.',
    '',
    '## A thousand of each',
    '',
    '| 1,000 | API Gateway | WAF | Lambda | DynamoDB | EventBridge | logs | X-Ray | together |',
    '|---|---|---|---|---|---|---|---|---|',
    ...perUse.map(({ name, cost }) => {
      const { api, webAcl, lambda, ledger, calls, logs, traces } = cost
      const cells = [api, webAcl, lambda, ledger, calls, logs, traces].map((usd) => dollars(usd * 1_000))
      return `| ${things[name].title} | ${cells.join(' | ')} | **${dollars(totalOf(cost) * 1_000)}** |`
    }),
    '',
    `What is in one of each, warm, as a test measures it (\`test/infra/docs/usage.test.ts\`); of a change with what time does to it afterwards:`,
    '',
    '| one | functions invoked | requests to Genesys | calls of the ledger | write units | read units | events | calls of Secrets Manager | log, bytes |',
    '|---|---|---|---|---|---|---|---|---|',
    ...Object.entries(usages).map(([name, usage]) => {
      const called = Object.entries(usage.invocations).map(([each, count]) =>
        count === 1 ? each : `${count} ${each}`,
      )
      const title = things[name as UsageName].title
      return `| of ${title} | ${called.join(', ')} | ${usage.genesysRequests} | ${usage.ledgerCalls} | ${usage.writeUnits} | ${usage.readUnits} | ${usage.events} | ${usage.secretCalls} | ${usage.logBytes} |`
    }),
    '',
    '- DynamoDB charges two units for each KB that is written in a transaction where it charges one outside, and one more for each index that an item comes into. A transaction that is sent again within ten minutes under its token, because its answer was lost, writes nothing twice and is charged as a read. Where many licenses change at once, each pair has an item of its own.',
    `- Lambda: an invocation takes ${GENESYS_MS} ms for each request to Genesys, ${AWS_MS} ms for each call of AWS, and its CPU time as [performance.md](performance.md) has it, at the share of a core that its memory gives. Cold starts come on top.`,
    '- The authorizer is asked for each write; of reads, once for each token in five minutes, and not for each as is counted here.',
    `- Logs are what the functions write, as the table has it, ${LAMBDA_LOG_BYTES} bytes of Lambda's own for each invocation, and ${ACCESS_LOG_BYTES} of the access log for each request; these two are estimated.`,
    '- Sums are of what is not rounded.',
    '- X-Ray records one trace a second and one in twenty of the others; here each is counted.',
    '- A reading of who holds what, each night, is two requests to Genesys for each hundred people, a write unit or so for each kB of 35 to 70 bytes a person, twice, and three writes for each license that came or went.',
    `- The page, while somebody looks at it, asks some ${PAGE_ASKS.seats} (seats) to ${PAGE_ASKS.approvals} times a minute (approvals), each about a read: ${dollars(PAGE_ASKS.seats * minutelyRead)} to ${dollars(PAGE_ASKS.approvals * minutelyRead)} an hour. Out of sight it asks nothing.`,
    '- API requests to Genesys beyond its fair-use allowance are billed by Genesys.',
    '- What a day of alarms costs is its mail, the price of which was not found; the alarms themselves cost the same whether they ring or not.',
    '',
    '## Prices',
    '',
    '| what | dollars | for | read at |',
    '|---|---|---|---|',
    ...Object.values(prices).map(
      ({ what, usd, per, unit, source }) =>
        `| ${what} | ${usd} | ${per === 1 ? 'a' : per.toLocaleString('en-US')} ${unit} | ${source} |`,
    ),
    '',
    "Not counted: metrics that are put only where there is something to tell (Genesys's rate limit and how long it takes, ends of changes, what is refused), each a metric for the hours in which it is put; what is stored (the ledger with its point-in-time recovery, logs), requests to KMS, mail and other notices of SNS, messages in the dead-letter queue, and data that leaves AWS.",
    '',
  ].join('\n')
}

function idleRows(template: CostedTemplate): { what: string; count: number; usd: number }[] {
  const of = (type: string) => propertiesOf(template, type)
  const row = (what: string, count: number, price: PriceName) => ({
    what,
    count,
    usd: count * prices[price].usd,
  })
  const metrics = of('AWS::CloudWatch::Alarm').reduce<number>((sum, properties) => {
    const listed = listIn(properties, 'Metrics').filter(
      (metric) => memberOf(metric, 'MetricStat') !== undefined,
    )
    return sum + Math.max(1, listed.length)
  }, 0)
  const acls = of('AWS::WAFv2::WebACL')
  const rules = acls.reduce<number>((sum, properties) => sum + listIn(properties, 'Rules').length, 0)
  return [
    row(`metrics that ${of('AWS::CloudWatch::Alarm').length} alarms look at`, metrics, 'alarmMetric'),
    row('dashboard', of('AWS::CloudWatch::Dashboard').length, 'dashboard'),
    row('metrics that are put each minute', STEADY_METRICS.length, 'customMetric'),
    row('secrets', of('AWS::SecretsManager::Secret').length, 'secret'),
    row('key', of('AWS::KMS::Key').length, 'key'),
    row('web ACLs', acls.length, 'webAcl'),
    row('rules in them', rules, 'webAclRule'),
  ]
}

function propertiesOf({ Resources }: CostedTemplate, type: string): unknown[] {
  return Object.values(Resources).flatMap((each) => (each['Type'] === type ? [each['Properties']] : []))
}

/** Memory in MB, by the function's file, which its log group is called after. */
function memories(template: CostedTemplate): (name: string) => number {
  const found = new Map(
    propertiesOf(template, 'AWS::Lambda::Function').map((properties) => {
      const log = memberOf(memberOf(memberOf(properties, 'LoggingConfig'), 'LogGroup'), 'Ref')
      const group = memberOf(template.Resources[String(log)]?.['Properties'], 'LogGroupName')
      return [String(group).split('/').at(-1), Number(memberOf(properties, 'MemorySize'))] as const
    }),
  )
  return (name) => {
    const memoryMb = found.get(name)
    if (memoryMb === undefined) throw new Error(`The template has no function ${name}`)
    return memoryMb
  }
}

function costOf(name: UsageName, memoryOf: (name: string) => number): Cost {
  const usage: Usage = usages[name]
  const { waits, cpuMs } = things[name]
  const invocations = Object.values(usage.invocations).reduce((sum, count) => sum + count, 0)
  const awsCalls = usage.ledgerCalls + usage.events + usage.secretCalls
  const waitMs = usage.genesysRequests * GENESYS_MS + awsCalls * AWS_MS
  const gbSeconds = Object.entries(usage.invocations).reduce((sum, [each, count]) => {
    const memoryMb = memoryOf(each)
    const isMain = each === waits
    const computeMs = ((isMain ? cpuMs : CPU_MS.webhook) * count * CORE_MB) / memoryMb
    const tookMs = Math.max(count, computeMs + (isMain ? waitMs : 0))
    return sum + (memoryMb / 1_024) * (tookMs / 1_000)
  }, 0)
  const logBytes = usage.logBytes + invocations * LAMBDA_LOG_BYTES + usage.apiRequests * ACCESS_LOG_BYTES
  return {
    api: usd('apiRequest', usage.apiRequests),
    webAcl: usd('webAclRequest', usage.apiRequests),
    lambda: usd('lambdaRequest', invocations) + usd('lambdaGbSecond', gbSeconds),
    ledger: usd('writeUnit', usage.writeUnits) + usd('readUnit', usage.readUnits),
    calls: usd('event', usage.events) + usd('secretCall', usage.secretCalls),
    logs: usd('logGb', logBytes / 1e9),
    traces: usd('trace', Math.max(1, usage.apiRequests)),
  }
}

function usd(price: PriceName, count: number): number {
  return (prices[price].usd / prices[price].per) * count
}

function totalOf(cost: Cost): number {
  return Object.values(cost).reduce((sum, each) => sum + each, 0)
}

/** To the cent, and below one to the first two digits that say anything. */
function dollars(amount: number): string {
  if (amount === 0) return '0'
  return amount >= 0.1 ? amount.toFixed(2) : String(Number(amount.toPrecision(2)))
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name)
  return Array.isArray(list) ? list : []
}
