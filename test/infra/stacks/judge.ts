/** AWS's own judge of templates, with the schemas of all resources, as aws-cdk-lib brings it along. */
import { createRequire } from 'node:module'
import type { TemplateJson } from '../../../infra/stacks/whole-template.ts'

interface Diagnostic {
  readonly ruleId: string
  readonly severity: string
  readonly message: string
  readonly propertyPath?: string
  readonly entity?: { readonly logicalId?: string }
}

interface Judge {
  readonly CompositeEngine: new () => {
    validateTemplate(
      template: object,
      settings: { readonly detailLevel: string; readonly severityLevel: string },
    ): { readonly diagnostics: readonly Diagnostic[] }
  }
  readonly TemplateContent: new (content: string, name: string) => object
}

// Bundled with the library and not among our own dependencies, so that both are of one version.
const { CompositeEngine, TemplateContent } = createRequire(import.meta.resolve('aws-cdk-lib'))(
  '@aws/cloudformation-validate',
) as Judge

/** Made once: it compiles its rules. */
const engine = new CompositeEngine()

/** What the library itself always adds, or cannot know: dependencies said twice, and references to pseudo parameters. */
const EXPECTED: readonly string[] = ['W3005', 'W1020', 'W1103', 'W9002', 'W9013', 'W4011', 'W4012']

/** "Property … is create-only; updating it will cause resource replacement", conditionally or not. */
const CREATE_ONLY = 'I9001'

function diagnosticsOf(template: TemplateJson, severityLevel: string): readonly Diagnostic[] {
  const content = new TemplateContent(JSON.stringify(template), 'template')
  return engine.validateTemplate(content, { detailLevel: 'STANDARD', severityLevel }).diagnostics
}

/** What a template has that its resources' schemas do not allow, or AWS's rules warn of. */
export function faultsOf(template: TemplateJson): readonly string[] {
  return diagnosticsOf(template, 'WARN')
    .filter(({ ruleId }) => !EXPECTED.includes(ruleId))
    .map(({ ruleId, entity, propertyPath, message }) =>
      [ruleId, entity?.logicalId, propertyPath, message].join(' '),
    )
}

/** Which properties of each resource cannot be changed but by making it anew, by logical id. */
export function createOnlyIn(template: TemplateJson): ReadonlyMap<string, readonly string[]> {
  const found = diagnosticsOf(template, 'INFO').filter(({ ruleId }) => ruleId === CREATE_ONLY)
  const byId = Map.groupBy(found, ({ entity }) => entity?.logicalId ?? '')
  return new Map(
    [...byId].map(([id, each]) => [
      id,
      each.map(({ propertyPath = '' }) => propertyPath.replace(/^Properties\./, '')),
    ]),
  )
}
