/** A stack as AWS would have it: synthesized with the bundles that are deployed, its functions found in its templates. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { App } from 'aws-cdk-lib'
import type { CloudAssembly } from 'aws-cdk-lib/cx-api'
import * as z from 'zod/mini'
import type { BuiltFunction } from '../../../infra/build/bundles.ts'
import { codeOf } from '../../../infra/build/code-of.ts'
import { addUncheckedStacks } from '../../../infra/stacks/add-stacks.ts'
import { operations } from '../../../lib/operations/index.ts'
import { type Json, type Placed, placeOf, type Scope, type Template } from './expressions.ts'
import { orgFileOf, type Variant } from './org-files.ts'

/** What a template says of one function, nothing resolved yet. */
export interface DeployedFunction {
  /** Its file's name, e.g. `get-license-user`. */
  readonly name: string
  readonly logicalId: string
  readonly scope: Scope
  readonly handler: string
  /** The folder that is uploaded as its code. */
  readonly codeDirectory: string
  /** The folders that are uploaded as its layers, in order. */
  readonly layerDirectories: readonly string[]
  readonly variables: Json
  readonly memoryMb: number
  readonly timeoutSeconds: number
  readonly logGroup: unknown
  readonly logFormat: string
  readonly runtime: string
}

const FunctionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string(),
  MemorySize: z.number(),
  Timeout: z.number(),
  Environment: z._default(z.object({ Variables: z.record(z.string(), z.unknown()) }), { Variables: {} }),
  Layers: z._default(z.array(z.unknown()), []),
  LoggingConfig: z.object({ LogFormat: z.string(), LogGroup: z.unknown() }),
})

const LayerProperties = z.object({ Content: z.object({ S3Key: z.string() }) })

export interface Deployment {
  /** The stack and those nested in it. */
  readonly scopes: readonly Scope[]
  readonly functions: readonly DeployedFunction[]
  /** Resources of a type, in whatever template. */
  readonly ofType: (type: string) => readonly Placed[]
}

/** @param directory where assets go. */
export function deploy(variant: Variant, functions: readonly BuiltFunction[], directory: string): Deployment {
  const app = new App({
    outdir: join(directory, 'assembly'),
    context: {
      'aws:cdk:bundling-stacks': [],
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:disable-stack-trace': true,
    },
    // It takes half of the time; test/infra/stacks/variants.test.ts asks it of all kinds of stacks.
    builtinCloudFormationValidation: false,
  })
  const [stack] = addUncheckedStacks(app, {
    orgs: [orgFileOf(variant)],
    operations,
    codeOf: codeOf(functions),
  })
  if (stack === undefined) throw new Error(`No stack for ${variant}`)
  const assembly = app.synth()
  const { template } = assembly.getStackByName(stack.stackName)
  const root = scopeOf(assembly, stack.stackName, template as Template)
  return deploymentOf(allOf(root), assembly.directory)
}

/** Templates of nested stacks stand beside the stack's own, and are named in its metadata. */
function scopeOf(
  assembly: CloudAssembly,
  stackName: string,
  template: Template,
  outer?: Scope['outer'],
): Scope {
  const nested: Record<string, Scope> = {}
  const scope: Scope = { stackName, template, outer, nested }
  for (const [id, { Type, Metadata, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::CloudFormation::Stack') continue
    const file = join(assembly.directory, String(Metadata?.['aws:asset:path']))
    const inner: Template = JSON.parse(readFileSync(file, 'utf8'))
    const parameters = (Properties?.['Parameters'] ?? {}) as Json
    nested[id] = scopeOf(assembly, `${stackName}-${id}`, inner, { scope, parameters })
  }
  return scope
}

function allOf(scope: Scope): readonly Scope[] {
  return [scope, ...Object.values(scope.nested).flatMap(allOf)]
}

function deploymentOf(scopes: readonly Scope[], directory: string): Deployment {
  const ofType = (type: string) =>
    scopes.flatMap((scope) =>
      Object.entries(scope.template.Resources)
        .filter(([, { Type }]) => Type === type)
        .map(([logicalId, resource]) => ({ logicalId, resource, scope })),
    )
  const assetOf = (key: string) => join(directory, `asset.${basename(key, '.zip')}`)
  return {
    scopes,
    ofType,
    functions: ofType('AWS::Lambda::Function').map(({ logicalId, resource, scope }) => {
      const properties = FunctionProperties.parse(resource.Properties)
      return {
        name: nameOf(properties.LoggingConfig.LogGroup, scope),
        logicalId,
        scope,
        handler: properties.Handler,
        codeDirectory: assetOf(properties.Code.S3Key),
        layerDirectories: properties.Layers.map((layer) =>
          assetOf(LayerProperties.parse(placeOf(layer, scope).resource.Properties).Content.S3Key),
        ),
        variables: properties.Environment.Variables,
        memoryMb: properties.MemorySize,
        timeoutSeconds: properties.Timeout,
        logGroup: properties.LoggingConfig.LogGroup,
        logFormat: properties.LoggingConfig.LogFormat,
        runtime: properties.Runtime,
      }
    }),
  }
}

/** A function's file is the last part of its log group's name. */
function nameOf(logGroup: unknown, scope: Scope): string {
  const name = placeOf(logGroup, scope).resource.Properties?.['LogGroupName']
  if (typeof name !== 'string') throw new Error(`${scope.stackName} has a log group of no fixed name`)
  return basename(name)
}
