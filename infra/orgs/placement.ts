/** Where in AWS the parts of an org file are: what a stack uses must be where it is, or the deployment fails halfway. */
import type { OrgFile } from './org-file.ts'

/** In others, hosts and service principals have other names. */
const SUPPORTED: readonly string[] = ['aws', 'aws-us-gov']
const UNSUPPORTED = 'China, the EU sovereign cloud and isolated regions are not supported'

/** How names of regions begin outside the commercial partition. */
const partitions: readonly (readonly [RegExp, string])[] = [
  [/^us-gov-/, 'aws-us-gov'],
  [/^cn-/, 'aws-cn'],
  [/^eusc-/, 'aws-eusc'],
  [/^[a-z]+-iso/, 'aws-iso'],
]

/** Where AWS credentials point, as far as they say. */
export interface AwsHome {
  readonly region: string
  readonly account?: string | undefined
}

interface AwsPlace extends AwsHome {
  readonly partition: string
}

/** An ARN of the org file. */
interface ArnField extends AwsPlace {
  readonly field: string
}

/**
 * @param org without faults of its own.
 * @param deployer for files that leave `aws` out, where that is known.
 * @returns a sentence for each field that contradicts where the stack will be.
 */
export function placementFaults(org: OrgFile, deployer?: AwsHome): string[] {
  const where = org.aws ?? deployer
  const home = where && { ...where, partition: partitionOf(where.region) }
  const whose = org.aws ? "the stack's own" : 'where your AWS credentials point'
  if (home && !SUPPORTED.includes(home.partition)) {
    return [
      `aws.region must be one of AWS's commercial or GovCloud regions, not ${home.region}: ${UNSUPPORTED}`,
    ]
  }
  const used = [
    ...arnFieldsOf('ledgerTable.keyArn', org.ledgerTable?.keyArn),
    ...arnFieldsOf('customDomain.certificateArn', org.customDomain?.certificateArn),
    ...arnFieldsOf(
      'waf.webAclArn',
      typeof org.waf === 'object' && 'webAclArn' in org.waf ? org.waf.webAclArn : undefined,
    ),
  ]
  // Where aws is left out the stack's place is not known yet, but that it has one.
  const elsewhere = home
    ? used.flatMap((each) => strayFaults(each, home, whose))
    : used.slice(1).flatMap((each) => strayFaults(each, used[0], `that of ${used[0]?.field}`))
  // It may be of another account, which CloudWatch publishes to where its policy says so.
  const topic = arnFieldsOf('alarms.topicArn', 'topicArn' in org.alarms ? org.alarms.topicArn : undefined)
  const near = home ?? used[0]
  const nearOf = home ? whose : `that of ${used[0]?.field}`
  return [
    ...[...used, ...topic, ...principalsOf(org)].flatMap((each) => partitionFaults(each, home)),
    ...elsewhere,
    ...topic.flatMap((each) => strayFaults(each, near, nearOf, ['region'])),
  ]
}

function strayFaults(
  { field, ...place }: ArnField,
  expected: AwsPlace | undefined,
  whose: string,
  parts: readonly ('region' | 'account')[] = ['region', 'account'],
): string[] {
  if (expected === undefined || place.partition !== expected.partition) return []
  return parts
    .filter((part) => expected[part] !== undefined && place[part] !== expected[part])
    .map((part) => `${field} must be of the ${part} ${expected[part]}, ${whose}, not of ${place[part]}`)
}

function partitionFaults({ field, partition }: ArnField, home: AwsPlace | undefined): string[] {
  const allowed = home ? [home.partition] : SUPPORTED
  if (allowed.includes(partition)) return []
  const why = SUPPORTED.includes(partition) ? 'no other reaches the stack' : UNSUPPORTED
  return [`${field} must begin with ${allowed.map((each) => `arn:${each}:`).join(' or ')}: ${why}`]
}

/** Whom the file lists by ARN: those of other partitions never call. */
function principalsOf({ auth, people, tools }: OrgFile): ArnField[] {
  const lists: readonly (readonly [string, readonly string[] | undefined])[] = [
    ...(auth.kind === 'iam'
      ? Object.entries(auth.roles ?? {}).map(([role, list]) => [`auth.roles.${role}`, list] as const)
      : []),
    ...Object.entries(people ?? {}).map(([name, { iam }]) => [`people.${name}.iam`, iam] as const),
    ...Object.entries(tools ?? {}).map(([name, { iam }]) => [`tools.${name}.iam`, iam] as const),
  ]
  return lists.flatMap(([field, list = []]) =>
    list.flatMap((each, index) => arnFieldsOf(`${field}.${index}`, each)),
  )
}

/** None where it is no ARN but a name. */
function arnFieldsOf(field: string, arn: string | undefined): ArnField[] {
  const [prefix, partition = '', , region = '', account = ''] = arn?.split(':') ?? []
  return prefix === 'arn' ? [{ field, partition, region, account }] : []
}

function partitionOf(region: string): string {
  return partitions.find(([pattern]) => pattern.test(region))?.[1] ?? 'aws'
}
