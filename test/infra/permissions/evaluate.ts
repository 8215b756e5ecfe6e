/**
 * IAM's answer to one call, as far as this project's policies go (AWS's IAM user guide, "Policy evaluation logic"): within
 * one account, without boundaries, session policies and organizations. What it does not know it refuses to judge, so
 * that no policy passes because half of it was not understood.
 */

/** What a condition compares with; a key that the call does not bring is absent. */
export type Context = Readonly<Record<string, string | readonly string[]>>

export interface Principal {
  /** A service is its host, e.g. `events.amazonaws.com`; a role its ARN. */
  readonly kind: 'role' | 'service'
  readonly id: string
}

export interface Call {
  readonly principal: Principal
  /** e.g. `dynamodb:GetItem` */
  readonly action: string
  /** One ARN, or `*` where the action knows no resource. */
  readonly resource: string
  readonly context: Context
}

/** A statement as the template has it, with every expression resolved. */
export type PolicyStatement = Readonly<Record<string, unknown>>

export interface Policies {
  /** The account's twelve digits. */
  readonly account: string
  /** By the role's ARN. */
  readonly ofRoles: ReadonlyMap<string, readonly PolicyStatement[]>
  /** By the ARN of what they stand on: keys, queues, topics, buses, functions, and roles, whose policy says who assumes them. */
  readonly onResources: ReadonlyMap<string, readonly PolicyStatement[]>
}

export type Verdict = 'allowed' | 'denied'

/** Of these the policy that stands on them must agree, whatever the caller's own policies say. */
const RULED_BY_THEIR_OWN = /^arn:[^:]+:(kms:[^:]*:\d+:key\/|iam::\d+:role\/)/

/** What a policy that stands on a resource says of it without its ARN. */
const ITSELF = '*'

/** @throws Error for a policy with an element, an operator or a pattern that is not known here. */
export function judge({ account, ofRoles, onResources }: Policies, asked: Call): Verdict {
  const call = withPrincipal(asked)
  if (call.principal.kind === 'role' && call.principal.id.split(':')[4] !== account)
    throw new Error(`${call.principal.id} is of another account, which is not judged here`)
  const own = call.principal.kind === 'role' ? (ofRoles.get(call.principal.id) ?? []) : []
  const theirs = onResources.get(call.resource) ?? []
  const mine = own.filter((statement) => matches(statement, call))
  const onIt = theirs
    .filter((statement) => matches(statement, call, ITSELF))
    .map((statement) => ({ statement, match: principalMatch(statement, call.principal, account) }))
    .filter(({ match }) => match !== 'none')
  if ([...mine, ...onIt.map(({ statement }) => statement)].some(isDeny)) return 'denied'
  const isNamed = onIt.some(({ match }) => match === 'named')
  if (call.principal.kind === 'service') return isNamed ? 'allowed' : 'denied'
  const isDelegated = onIt.some(({ match }) => match === 'account')
  // PassRole is asked of the caller's policies alone: a role's own says who assumes it.
  const isRuled = RULED_BY_THEIR_OWN.test(call.resource) && !call.action.startsWith('iam:')
  if (isRuled) return isNamed || (isDelegated && mine.length > 0) ? 'allowed' : 'denied'
  return isNamed || mine.length > 0 ? 'allowed' : 'denied'
}

/** What IAM itself says of a caller; a service that calls by itself has no ARN. */
function withPrincipal(call: Call): Call {
  if (call.principal.kind === 'service') return call
  return { ...call, context: { 'aws:PrincipalArn': call.principal.id, ...call.context } }
}

const ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])

function matches(statement: PolicyStatement, call: Call, resourceIfNone?: string): boolean {
  for (const element of Object.keys(statement)) {
    if (!ELEMENTS.has(element)) throw new Error(`A statement has ${element}, which is not known here`)
  }
  const actions = patternsOf(statement, 'Action', 'NotAction')
  const resources = patternsOf(statement, 'Resource', 'NotResource', resourceIfNone)
  return (
    covers(actions, call.action.toLowerCase(), (pattern) => pattern.toLowerCase()) &&
    covers(resources, call.resource) &&
    conditionsOf(statement).every((condition) => holds(condition, call.context))
  )
}

interface Patterns {
  readonly patterns: readonly string[]
  readonly isNegated: boolean
}

function patternsOf(statement: PolicyStatement, element: string, negated: string, ifNone?: string): Patterns {
  if (negated in statement) return { patterns: textsOf(statement[negated], negated), isNegated: true }
  const given = statement[element] ?? ifNone
  if (given === undefined) throw new Error(`A statement has neither ${element} nor ${negated}`)
  return { patterns: textsOf(given, element), isNegated: false }
}

function covers(
  { patterns, isNegated }: Patterns,
  text: string,
  fold: (pattern: string) => string = (pattern) => pattern,
): boolean {
  return patterns.some((pattern) => isLike(text, fold(pattern))) !== isNegated
}

/** With `*` for any characters and `?` for one. */
function isLike(text: string, pattern: string): boolean {
  if (pattern.includes('${')) throw new Error(`Policy variables are not known here: ${pattern}`)
  return expressionOf(pattern).test(text)
}

/** Thousands of calls meet the same few hundred patterns. */
const expressions = new Map<string, RegExp>()

function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern)
  if (known) return known
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
  const made = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
  expressions.set(pattern, made)
  return made
}

/** ARNs are compared part by part: a `*` does not reach over a colon of the first five. */
function isArnLike(text: string, pattern: string): boolean {
  const [parts, wanted] = [arnParts(text), arnParts(pattern)]
  return (
    parts !== undefined && wanted !== undefined && parts.every((part, i) => isLike(part, wanted[i] ?? ''))
  )
}

function arnParts(arn: string): readonly string[] | undefined {
  const parts = arn.split(':')
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

function principalMatch(
  { Principal }: PolicyStatement,
  { kind, id }: Principal,
  account: string,
): 'named' | 'account' | 'none' {
  if (Principal === '*') return 'named'
  if (typeof Principal !== 'object' || Principal === null) {
    throw new Error('A policy on a resource names nobody, or names them in a way that is not known here')
  }
  let match: 'named' | 'account' | 'none' = 'none'
  for (const [type, given] of Object.entries(Principal)) {
    if (type !== 'AWS' && type !== 'Service')
      throw new Error(`Principals of the type ${type} are not known here`)
    for (const name of textsOf(given, 'Principal')) {
      if (name === '*' || (name === id && (type === 'Service') === (kind === 'service'))) return 'named'
      const isRoot = name === account || /^arn:[^:]+:iam::(\d+):root$/.exec(name)?.[1] === account
      if (type === 'AWS' && kind === 'role' && isRoot) match = 'account'
    }
  }
  return match
}

function isDeny({ Effect }: PolicyStatement): boolean {
  if (Effect !== 'Allow' && Effect !== 'Deny')
    throw new Error(`An effect is neither Allow nor Deny: ${Effect}`)
  return Effect === 'Deny'
}

interface Condition {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

function conditionsOf({ Condition: conditions = {} }: PolicyStatement): Condition[] {
  return Object.entries(conditions as object).flatMap(([operator, keys]) =>
    Object.entries(keys as object).map(([key, values]) => ({ operator, key, values: textsOf(values, key) })),
  )
}

/** Those that occur. A negated one holds of a key that is absent, the others do not. */
const operators: Readonly<
  Record<string, { readonly isOne: (text: string, value: string) => boolean; readonly isNegated?: true }>
> = {
  StringEquals: { isOne: (text, value) => text === value },
  StringNotEquals: { isOne: (text, value) => text === value, isNegated: true },
  StringLike: { isOne: isLike },
  ArnEquals: { isOne: isArnLike },
  ArnLike: { isOne: isArnLike },
  ArnNotLike: { isOne: isArnLike, isNegated: true },
  Bool: { isOne: (text, value) => text.toLowerCase() === value.toLowerCase() },
}

function holds({ operator, key, values }: Condition, context: Context): boolean {
  const [, set, base = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? []
  // A key's name is compared without case.
  const name = Object.keys(context).find((each) => each.toLowerCase() === key.toLowerCase())
  const texts = [(name === undefined ? undefined : context[name]) ?? []].flat()
  if (base === 'Null') {
    if (set !== undefined || ifExists !== undefined) throw new Error(`${operator} is not known here`)
    return values.includes(String(texts.length === 0))
  }
  const known = Object.hasOwn(operators, base) ? operators[base] : undefined
  if (known === undefined) throw new Error(`The condition operator ${operator} is not known here`)
  const { isOne, isNegated = false } = known
  const fits = (text: string) => values.some((value) => isOne(text, value)) !== isNegated
  if (texts.length === 0) {
    if (ifExists !== undefined) return true
    return set === 'ForAllValues' || (set === undefined && isNegated)
  }
  if (set === undefined && texts.length > 1)
    throw new Error(`${operator} on ${key}, which has several values`)
  return set === 'ForAnyValue' ? texts.some(fits) : texts.every(fits)
}

function textsOf(value: unknown, of: string): readonly string[] {
  return [value].flat().map((each) => {
    if (typeof each === 'boolean') return String(each)
    if (typeof each !== 'string') throw new Error(`${of} is no text: ${JSON.stringify(each)}`)
    return each
  })
}
