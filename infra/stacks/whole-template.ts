import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NestedStack, type Stack } from 'aws-cdk-lib'

type Json = Readonly<Record<string, unknown>>

/** What is read of a template. */
export interface TemplateJson {
  readonly Resources: Readonly<Record<string, Json>>
  readonly Parameters?: Json
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
}

/**
 * A stack's template as if it had no stacks within it: their resources stand in it, and what is handed between them is
 * what it refers to. For who looks at what is deployed, and not at how it is cut.
 *
 * @param directory of the assembly, synthesized.
 * @throws Error where two resources would have one id.
 */
export function wholeTemplateOf(stack: Stack, directory: string): TemplateJson {
  return nestedIn(stack).reduce<TemplateJson>(
    (whole, nested) => withNested(whole, logicalIdOf(stack, nested), templateOf(nested, directory)),
    templateOf(stack, directory),
  )
}

/** The stacks within a stack. */
export function nestedIn(stack: Stack): readonly NestedStack[] {
  return stack.node.findAll().filter((each): each is NestedStack => NestedStack.isNestedStack(each))
}

/** A stack's own template, by itself. */
export function templateOf(stack: Stack, directory: string): TemplateJson {
  return JSON.parse(readFileSync(join(directory, stack.templateFile), 'utf8')) as TemplateJson
}

function logicalIdOf(stack: Stack, { nestedStackResource }: NestedStack): string {
  if (nestedStackResource === undefined) throw new Error('A nested stack has no resource in its parent')
  return stack.getLogicalId(nestedStackResource)
}

function withNested(whole: TemplateJson, id: string, nested: TemplateJson): TemplateJson {
  const { [id]: holder, ...others } = whole.Resources
  const { Parameters: given = {} } = (holder?.['Properties'] ?? {}) as { readonly Parameters?: Json }
  const inner = replaced(nested, (name, argument) => (name === 'Ref' ? given[String(argument)] : undefined))
  const outer = replaced({ ...whole, Resources: others }, (name, argument) => {
    const [resource, attribute] = Array.isArray(argument) ? argument.map(String) : []
    if (name !== 'Fn::GetAtt' || resource !== id) return undefined
    return inner.Outputs?.[attribute?.replace(/^Outputs\./, '') ?? '']?.Value
  })
  const twice = Object.keys(inner.Resources).find((each) => each in outer.Resources)
  if (twice !== undefined) throw new Error(`Two resources are called ${twice}`)
  return { ...outer, Resources: { ...outer.Resources, ...inner.Resources } }
}

/** @param by of an expression's name and argument: what it stands for, or undefined for itself. */
function replaced<T>(value: T, by: (name: string, argument: unknown) => unknown): T {
  const visit = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(visit)
    if (typeof each !== 'object' || each === null) return each
    const entries = Object.entries(each)
    const [[name, argument] = []] = entries
    const instead = entries.length === 1 && name !== undefined ? by(name, argument) : undefined
    return instead ?? Object.fromEntries(entries.map(([key, inner]) => [key, visit(inner)]))
  }
  return visit(value) as T
}
