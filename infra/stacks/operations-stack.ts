import { NestedStack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Operation } from '../../lib/operation.ts'
import type { FunctionDefaults } from '../constructs/functions/gateway-function.ts'
import { OperationFunction } from '../constructs/functions/operation-function.ts'
import type { Sources } from '../constructs/functions/sources.ts'

export interface OperationsStackProps {
  readonly operations: readonly Operation[]
  readonly sources: Sources
  readonly functions: FunctionDefaults
}

/**
 * The functions of the operations with their roles and logs, as a stack within the org's: CloudFormation takes 500
 * resources a stack (docs/adr/0014-operations-are-a-nested-stack.md). Nothing here keeps anything but log lines.
 */
export class OperationsStack extends NestedStack {
  readonly functions: readonly OperationFunction[]

  constructor(scope: Construct, id: string, { operations, sources, functions }: OperationsStackProps) {
    super(scope, id, { description: 'The functions of the operations' })
    this.functions = operations.map(
      (operation) => new OperationFunction(this, operation.id, { operation, sources, functions }),
    )
  }
}
