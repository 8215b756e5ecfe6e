import { Code } from 'aws-cdk-lib/aws-lambda'
import type { CodeOf } from '../constructs/functions/gateway-function.ts'
import { BuildError } from './build-error.ts'
import type { BuiltFunction } from './bundles.ts'

/** Where the stacks find a built function's code. @throws BuildError for a function without a file. */
export function codeOf(functions: readonly BuiltFunction[]): CodeOf {
  const directories = new Map(functions.map(({ name, directory }) => [name, directory]))
  return (name) => {
    const directory = directories.get(name)
    if (directory === undefined) throw new BuildError(`There is no file functions/*/${name}.ts.`)
    return Code.fromAsset(directory)
  }
}
