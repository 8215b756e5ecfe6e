/** What CloudFormation and the services take, and what of a template is more than that. */
import type { TemplateJson } from '../../../infra/stacks/whole-template.ts'
import { at, flat, listOf } from '../synthesized.ts'

/** As far as we go: CloudFormation takes 500, and a stack that is full cannot be mended. */
export const MAX_RESOURCES = 430

/** CloudFormation's user guide, "Understand CloudFormation quotas". The template is handed over in S3. */
const MAX_OUTPUTS = 200
const MAX_PARAMETERS = 200
const MAX_TEMPLATE_BYTES = 1_000_000
const MAX_DESCRIPTION_BYTES = 1_024

/** API Gateway's quotas: resources of a REST API (it can be raised) and characters of an access log's format. */
const MAX_ROUTES = 300
const MAX_LOG_FORMAT = 3_072

/** IAM's quotas, in characters without blanks: a role's inline policies together, and a managed policy. */
const MAX_INLINE = 10_240
const MAX_MANAGED = 6_144

/** What a reference may become: the longest ARN that stands in a policy of ours. */
const REFERENCE = 'x'.repeat(160)

/** Our APIs' logical ids, and what becomes of one: ten characters. */
const API = /^(Chat)?Api[0-9A-F]{8}$/
const API_ID = 'x'.repeat(10)

const pseudo: Readonly<Record<string, string>> = {
  'AWS::AccountId': '000000000000',
  'AWS::Region': 'us-gov-west-1',
  'AWS::Partition': 'aws-us-gov',
  'AWS::URLSuffix': 'amazonaws.com',
}

/** Latin-1 alone, as IAM has it for a role's description. */
const LATIN = /^[\t\n\r -~¡-ÿ]*$/

interface TextLimit {
  readonly max: number
  readonly pattern?: RegExp
}

/** Of what we name and describe ourselves: `Type Property`. Each from the property's page in CloudFormation's reference. */
const texts: Readonly<Record<string, TextLimit>> = {
  'AWS::ApiGateway::RestApi Description': { max: 1_024 },
  'AWS::ApiGateway::RestApi Name': { max: 255 },
  'AWS::CloudWatch::Alarm AlarmDescription': { max: 1_024 },
  'AWS::CloudWatch::Alarm AlarmName': { max: 255 },
  'AWS::CloudWatch::Dashboard DashboardName': { max: 255, pattern: /^[A-Za-z0-9_-]+$/ },
  'AWS::Events::EventBus Description': { max: 512 },
  'AWS::Events::EventBus Name': { max: 256, pattern: /^[/.\-_A-Za-z0-9]+$/ },
  'AWS::Events::Rule Description': { max: 512 },
  'AWS::IAM::ManagedPolicy Description': { max: 1_000 },
  'AWS::IAM::Role Description': { max: 1_000, pattern: LATIN },
  'AWS::KMS::Alias AliasName': { max: 256, pattern: /^alias\/[a-zA-Z0-9/_-]+$/ },
  'AWS::KMS::Key Description': { max: 8_192 },
  'AWS::Lambda::Function Description': { max: 256 },
  'AWS::Lambda::LayerVersion Description': { max: 256 },
  'AWS::Logs::LogGroup LogGroupName': { max: 512, pattern: /^[.\-_/#A-Za-z0-9]+$/ },
  'AWS::Logs::MetricFilter FilterPattern': { max: 1_024 },
  'AWS::Logs::QueryDefinition Name': { max: 255 },
  'AWS::Logs::QueryDefinition QueryString': { max: 10_000 },
  'AWS::SNS::Topic DisplayName': { max: 100 },
  'AWS::Scheduler::ScheduleGroup Name': { max: 64, pattern: /^[0-9a-zA-Z-_.]+$/ },
  'AWS::SecretsManager::Secret Description': { max: 2_048 },
  // Nor as ARNs of secrets end: a hyphen and six characters.
  'AWS::SecretsManager::Secret Name': { max: 512, pattern: /^(?!.*-.{6}$)[A-Za-z0-9/_+=.@-]+$/ },
  'AWS::WAFv2::WebACL Description': { max: 256, pattern: /^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]+[\w+=:#@/\-,.]$/ },
}

/** Documents, by their length as JSON: `Type Property`. */
const documents: Readonly<Record<string, number>> = {
  // API Gateway's user guide, EventBridge's, KMS's and SNS's quotas.
  'AWS::ApiGateway::RestApi Policy': 8_192,
  'AWS::Events::Rule EventPattern': 2_048,
  'AWS::KMS::Key KeyPolicy': 32_768,
  'AWS::SNS::TopicPolicy PolicyDocument': 30_720,
  'AWS::IAM::ManagedPolicy PolicyDocument': MAX_MANAGED,
}

/** @returns a sentence for each limit that a template, by itself, is beyond. */
export function beyondLimits(template: TemplateJson): readonly string[] {
  const { Resources, Outputs = {}, Parameters = {} } = template
  const { Description = '' } = template as { readonly Description?: string }
  const counts: readonly (readonly [string, number, number])[] = [
    ['resources', Object.keys(Resources).length, MAX_RESOURCES],
    ['outputs', Object.keys(Outputs).length, MAX_OUTPUTS],
    ['parameters', Object.keys(Parameters).length, MAX_PARAMETERS],
    ['bytes', Buffer.byteLength(JSON.stringify(template)), MAX_TEMPLATE_BYTES],
    ['bytes of description', Buffer.byteLength(Description), MAX_DESCRIPTION_BYTES],
    ...routesOf(template),
    ...inlinePoliciesOf(template),
  ]
  return [
    ...counts
      .filter(([, count, max]) => count > max)
      .map(([what, count, max]) => `${count} ${what}, of ${max}`),
    ...Object.entries(Resources).flatMap(([id, resource]) => faultsOf(id, resource)),
    ...Object.keys({ ...Resources, ...Outputs, ...Parameters })
      .filter((id) => !/^[A-Za-z0-9]{1,255}$/.test(id))
      .map((id) => `${id} is no logical id`),
  ]
}

function faultsOf(id: string, resource: unknown): readonly string[] {
  const type = String(at(resource, 'Type'))
  return Object.entries(at(resource, 'Properties') ?? {}).flatMap(([property, value]) => {
    const key = `${type} ${property}`
    const limit = texts[key]
    if (limit !== undefined) return textFaults(`${id} ${property}`, expanded(value), limit)
    const max = documents[key]
    const length = JSON.stringify(longest(value)).replaceAll(/\s/g, '').length
    return max === undefined || length <= max ? [] : [`${id} ${property}: ${length} characters, of ${max}`]
  })
}

function textFaults(what: string, value: string, { max, pattern }: TextLimit): readonly string[] {
  return [
    ...(value.length > max ? [`${what}: ${value.length} characters, of ${max}`] : []),
    ...(pattern === undefined || pattern.test(value) ? [] : [`${what}: '${value}' is not ${pattern}`]),
  ]
}

function routesOf({ Resources }: TemplateJson): readonly (readonly [string, number, number])[] {
  const apis = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ApiGateway::Resource')
  const byApi = Map.groupBy(apis, (resource) => flat(at(resource, 'Properties', 'RestApiId')))
  const formats = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::ApiGateway::Stage')
    .map((stage) => String(at(stage, 'Properties', 'AccessLogSetting', 'Format')).length)
  return [
    ...[...byApi].map(([api, routes]) => [`routes of ${api}`, routes.length, MAX_ROUTES] as const),
    ...formats.map((length) => ["characters of an access log's format", length, MAX_LOG_FORMAT] as const),
  ]
}

function inlinePoliciesOf({ Resources }: TemplateJson): readonly (readonly [string, number, number])[] {
  const lengths = new Map<string, number>()
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type !== 'AWS::IAM::Policy') continue
    const length = JSON.stringify(longest(at(Properties, 'PolicyDocument'))).replaceAll(/\s/g, '').length
    for (const role of listOf(at(Properties, 'Roles')).map(flat)) {
      lengths.set(role, (lengths.get(role) ?? 0) + length)
    }
  }
  return [...lengths].map(
    ([role, length]) => [`characters of ${role}'s policies`, length, MAX_INLINE] as const,
  )
}

/** An expression as a text as long as it may become. */
function expanded(value: unknown): string {
  return String(longest(value))
}

/** A value whose expressions are texts as long as they may become. */
function longest(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(longest)
  if (typeof value !== 'object' || value === null) return value
  const [[name, argument] = []] = Object.entries(value)
  if (name === 'Ref') return pseudo[String(argument)] ?? (API.test(String(argument)) ? API_ID : REFERENCE)
  if (name === 'Fn::GetAtt') return REFERENCE
  if (name === 'Fn::Join')
    return listOf(at(argument, 1))
      .map(expanded)
      .join(String(at(argument, 0)))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, longest(each)]))
}
