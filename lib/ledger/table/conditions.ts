/** On what puts depend: conditions of DynamoDB, written so that two can stand beside each other. */

/** Nothing but placeholders stands in the expression. */
export interface Condition {
  readonly expression: string
  readonly names: Record<string, string>
  readonly values?: Record<string, unknown>
}

/** No item has this key. */
export const absent: Condition = { expression: 'attribute_not_exists(#pk)', names: { '#pk': 'pk' } }

/** Either holds. Where they share a placeholder, it stands for the same. */
export function either(one: Condition, other: Condition): Condition {
  return joined([one, other], 'OR')
}

/** All hold. Where they share a placeholder, it stands for the same. */
export function all(...conditions: readonly Condition[]): Condition {
  return joined(conditions, 'AND')
}

/** DynamoDB refuses parentheses around what has them already. */
function joined(conditions: readonly Condition[], operator: 'AND' | 'OR'): Condition {
  const [only, ...others] = conditions
  if (only && others.length === 0) return only
  return {
    expression: conditions.map(({ expression }) => `(${expression})`).join(` ${operator} `),
    names: Object.assign({}, ...conditions.map(({ names }) => names)),
    values: Object.assign({}, ...conditions.map(({ values }) => values ?? {})),
  }
}

/**
 * Each attribute is what it was, or still is none.
 *
 * @param prefix of the placeholders of values, where two such conditions stand together.
 */
export function ifAlike(
  attributes: Readonly<Record<string, string | number | undefined>>,
  prefix: string,
): Condition {
  const entries = Object.entries(attributes)
  const given = entries.filter(([, value]) => value !== undefined)
  return {
    expression: entries
      .map(([name, value]) =>
        value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${prefix}${name}`,
      )
      .join(' AND '),
    names: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(given.map(([name, value]) => [`:${prefix}${name}`, value])),
  }
}
