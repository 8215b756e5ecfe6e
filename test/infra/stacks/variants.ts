/** Org files of every kind that an operator can write, so that each two choices meet in one; all synthesized at once. */
import type { Stack } from 'aws-cdk-lib'
import { defineOrg, type OrgFile } from '../../../infra/orgs/define-org.ts'
import {
  nestedIn,
  type TemplateJson,
  templateOf,
  wholeTemplateOf,
} from '../../../infra/stacks/whole-template.ts'
import { orgs } from '../orgs/test-orgs.ts'
import { type AppProps, appOf } from '../synthesized.ts'

const places = { left: undefined, commercial: 'eu-west-1', gov: 'us-gov-west-1' } as const
const account = '000000000000'
const { chat = {} } = orgs.chat

interface Home {
  readonly partition: string
  readonly region: string
}

/** What is chosen, by its field; each choice is made of where the stack is to be. */
const choices = {
  auth: {
    jwt: () => ({ auth: orgs.jwtPrivate.auth, page: { clientId: 'license-page' } }),
    iam: ({ partition }: Home) => ({
      auth: {
        kind: 'iam',
        roles: {
          viewer: ['reporting-tool'],
          operator: [`arn:${partition}:iam::111111111111:role/licensing`],
        },
      },
    }),
  },
  network: {
    regional: () => ({ network: { kind: 'regional' } }),
    private: () => ({ network: orgs.jwtPrivate.network }),
    named: ({ partition, region }: Home) => ({
      network: { kind: 'regional' },
      customDomain: {
        domainName: 'licenses.example.com',
        certificateArn: `arn:${partition}:acm:${region}:${account}:certificate/00000000-0000-4000-8000-000000000000`,
      },
    }),
  },
  waf: {
    none: () => ({ waf: false }),
    /** With a limit or without one it is the same but for the number: no choice of its own, which would take four stacks more. */
    own: ({ partition }: Home) => ({ waf: partition === 'aws' ? true : { rateLimitPer5Minutes: 500 } }),
    given: ({ partition, region }: Home) => ({
      waf: { webAclArn: `arn:${partition}:wafv2:${region}:${account}:regional/webacl/own/0` },
    }),
  },
  chat: {
    none: () => ({}),
    slack: () => ({ chat: { slack: { teams: ['T0000000001'] } } }),
    teams: () => ({ chat: { teams: { tenants: ['00000000-0000-4000-8000-000000000003'] } } }),
    both: () => ({ chat }),
  },
  rest: {
    little: () => ({ audit: { mode: 'COMPLIANCE', days: 30 } }),
    /** Whatever else may be said. */
    much: ({ partition, region }: Home) => ({
      ledgerTable: {
        name: 'restored',
        keyArn: `arn:${partition}:kms:${region}:${account}:key/00000000-0000-4000-8000-000000000000`,
      },
      audit: { bucketName: 'kept-with-it' },
      tags: { 'cost-centre': '1234', owner: 'Überlandwerk + Söhne' },
      people: {
        robin: { role: 'operator', jwt: ['robin'], slack: ['U0000000001'], email: 'robin@example.com' },
        kim: { role: 'approver', jwt: ['kim'], iam: [`arn:${partition}:iam::${account}:user/kim`] },
      },
      tools: {
        planner: {
          owners: ['kim'],
          iam: [`arn:${partition}:iam::${account}:role/planner`],
          eventSources: ['plan'],
        },
        other: {
          owners: ['kim'],
          iam: [`arn:${partition}:iam::${account}:role/other`],
          eventSources: ['other'],
        },
      },
      approvals: [{ toggles: ['*'] }, { overSeats: true }],
      approvalHours: 24,
      reasons: [{ licenses: ['*'], peopleOver: 10 }],
      licenses: { cloudCX3: { seats: 250 } },
      logRetentionDays: 365,
      throttling: { all: { perSecond: 20, burst: 40 }, writes: { perSecond: 1, burst: 1 } },
    }),
  },
} as const

type Choices = typeof choices
export type Choice = { readonly [Field in keyof Choices]: keyof Choices[Field] } & {
  readonly place: keyof typeof places
}

/** An org file of these choices; its names are as long as they may be. */
export function orgOf(choice: Choice): OrgFile {
  const region = places[choice.place]
  const home = { region: region ?? 'eu-west-1', partition: choice.place === 'gov' ? 'aws-us-gov' : 'aws' }
  const make = (field: keyof Choices) =>
    (choices[field] as Readonly<Record<string, (home: Home) => Partial<OrgFile>>>)[choice[field]]?.(home)
  return defineOrg({
    name: 'o'.repeat(31),
    region: 'eu_west_1',
    id: '00000000-0000-4000-8000-000000000000',
    orgName: 'Überlandwerk “Süd” '.padEnd(200, 'ü'),
    ...(region === undefined ? {} : { aws: { account, region } }),
    alarms: { email: 'platform@example.com' },
    ...(Object.assign({}, ...Object.keys(choices).map((field) => make(field as keyof Choices))) as Pick<
      OrgFile,
      'auth' | 'network' | 'waf'
    >),
  })
}

/** So few that each two choices stand together in one: whichever has the most new pairs is next. */
export function choicesTried(): readonly Choice[] {
  const all = product(Object.entries({ ...choices, place: places }))
  const tried: Choice[] = []
  const met = new Set<string>()
  const isNew = (pair: string) => !met.has(pair)
  for (;;) {
    const next = all.reduce((best, each) =>
      pairsIn(each).filter(isNew).length > pairsIn(best).filter(isNew).length ? each : best,
    )
    if (!pairsIn(next).some(isNew)) return tried
    for (const pair of pairsIn(next)) met.add(pair)
    tried.push(next)
  }
}

function product(fields: readonly (readonly [string, object])[]): readonly [Choice, ...Choice[]] {
  const rows = fields.reduce<readonly Readonly<Record<string, string>>[]>(
    (made, [field, values]) =>
      Object.keys(values).flatMap((value) => made.map((row) => ({ ...row, [field]: value }))),
    [{}],
  )
  return rows as readonly object[] as readonly [Choice, ...Choice[]]
}

function pairsIn(choice: Choice): readonly string[] {
  const chosen = Object.entries(choice).map((each) => each.join(' '))
  return chosen.flatMap((one, index) => chosen.slice(index + 1).map((other) => `${one}, ${other}`))
}

export interface Variant {
  readonly org: OrgFile
  readonly stack: Stack
  /** The stack's own template and those of the stacks within it, by name. */
  readonly templates: ReadonlyMap<string, TemplateJson>
  /** All of them as one. */
  readonly whole: TemplateJson
}

/** By itself: an app of many stacks takes the square of their time. */
export function synthesize(org: OrgFile, props?: AppProps): Variant {
  const { app, stacks } = appOf([org], props)
  const [stack] = stacks
  if (stack === undefined) throw new Error('No stack was made')
  const { directory } = app.synth()
  const templates = [stack, ...nestedIn(stack)].map(
    (each) => [each.node.path, templateOf(each, directory)] as const,
  )
  return { org, stack, templates: new Map(templates), whole: wholeTemplateOf(stack, directory) }
}
