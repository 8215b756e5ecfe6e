/** The options of `npm start`, checked; each error is one sentence that says what to type instead. */
import { isRegion } from '../../lib/genesys/regions.ts'
import type { OrgIdentity } from '../../lib/operation.ts'
import { directoryOf, LOCAL_DIRECTORY } from './run-file.ts'
import type { RealOrg } from './stack.ts'
import { parsedArgs, UsageError } from './usage.ts'

export interface StartOptions {
  readonly port: number
  readonly directory: string
  /** Undefined where not given: an existing directory's number stands then. */
  readonly users: number | undefined
  readonly toggles: 'current' | 'legacy'
  readonly latencyMs: number
  /** Whether the embedded org lets its contract be seen. */
  readonly hasContract: boolean
  readonly isReset: boolean
  readonly real: RealOrg | undefined
  /** What GET organization says of the org. */
  readonly identity: Partial<OrgIdentity>
}

const USAGE = `npm start -- [--port N] [--data DIR] [--users N] [--toggles current|legacy]
             [--latency MS] [--contract] [--reset] [--org real [--allow-writes]]
runs the whole gateway on this machine until Ctrl-C`

/** As docs/laptop.md lists them too. */
export const START_OPTIONS = {
  port: {
    type: 'string',
    default: '4010',
    value: 'N',
    says: 'port of the gateway; 0 picks a free one',
  },
  data: {
    type: 'string',
    value: 'DIR',
    says: 'where one org’s state is kept; it survives a restart (default .local, with --org real .local-real)',
  },
  users: {
    type: 'string',
    value: 'N',
    says: 'people in the embedded org; as many as there are in DIR, else 500',
  },
  toggles: {
    type: 'string',
    value: 'current|legacy',
    says: 'toggles as Genesys has them today (always on), or as before July 2023 (a POST switches) (default current)',
  },
  latency: {
    type: 'string',
    value: 'MS',
    says: 'milliseconds waited before each answer of the embedded org (default 0)',
  },
  contract: {
    type: 'boolean',
    says: 'the embedded org lets its contract be seen, with periods and charges; Genesys refuses that to some (403), as this org does without it',
  },
  reset: {
    type: 'boolean',
    default: false,
    says: 'begin anew: state and clock are cleared, of what is in DIR only what npm start has put there; policy.json stays',
  },
  org: {
    type: 'string',
    default: 'embedded',
    value: 'real',
    says: 'a real Genesys org in the embedded one’s place: set GENESYS_REGION, GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET. Read-only, and without chat and page',
  },
  'allow-writes': {
    type: 'boolean',
    default: false,
    says: 'with --org real: writes too. They can cost money',
  },
} as const

/** What a real org has of its own. */
const EMBEDDED_ONLY = ['users', 'toggles', 'latency', 'contract'] as const

type Variables = Readonly<Record<string, string | undefined>>

/** @throws UsageError, HelpAsked */
export function startOptions(args: readonly string[], variables: Variables): StartOptions {
  const { values } = parsedArgs({ args: [...args], options: START_OPTIONS }, USAGE)
  const { toggles = 'current' } = values
  if (toggles !== 'current' && toggles !== 'legacy') {
    throw new UsageError(`--toggles must be current or legacy, not '${toggles}'`)
  }
  if (values.org !== 'embedded' && values.org !== 'real') {
    throw new UsageError(`--org must be embedded or real, not '${values.org}'`)
  }
  if (values['allow-writes'] && values.org !== 'real')
    throw new UsageError('--allow-writes goes with --org real')
  const idle = values.org === 'real' && EMBEDDED_ONLY.find((name) => values[name] !== undefined)
  if (idle) throw new UsageError(`--${idle} is about the embedded org, and does nothing to a real one`)
  return {
    port: whole('--port', values.port, 0, 65_535),
    directory: directoryOf(values.data, values.org === 'real' ? '.local-real' : LOCAL_DIRECTORY),
    users: values.users === undefined ? undefined : whole('--users', values.users, 1, 1_000_000),
    toggles,
    latencyMs: whole('--latency', values.latency ?? '0', 0, 60_000),
    hasContract: values.contract ?? false,
    isReset: values.reset,
    real: values.org === 'real' ? realOrg(variables, values['allow-writes']) : undefined,
    identity: identityIn(variables),
  }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new UsageError(`${name} must be a whole number from ${min} to ${max}, not '${text}'`)
}

function identityIn(variables: Variables): Partial<OrgIdentity> {
  const { GENESYS_ORG_ID: id, GENESYS_ORG_NAME: name } = variables
  return { ...(id !== undefined && { id }), ...(name !== undefined && { name }) }
}

function realOrg(variables: Variables, allowsWrites: boolean): RealOrg {
  const given = (name: string) => {
    const value = variables[name]
    if (value) return value
    throw new UsageError(`--org real needs the environment variable ${name}`)
  }
  const region = given('GENESYS_REGION')
  if (!isRegion(region))
    throw new UsageError(`GENESYS_REGION must be a Genesys Cloud region such as us_east_1, not '${region}'`)
  return {
    region,
    credentials: { clientId: given('GENESYS_CLIENT_ID'), clientSecret: given('GENESYS_CLIENT_SECRET') },
    allowsWrites,
  }
}
