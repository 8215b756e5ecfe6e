import type { Construct } from 'constructs'
import type { Operation } from '../../../lib/operation.ts'
import { functionNameOf } from '../names.ts'
import {
  type FunctionDefaults,
  GatewayFunction,
  OPERATION_TIMEOUT,
  STREAM_TIMEOUT,
} from './gateway-function.ts'
import { type Sources, suppliesOf } from './sources.ts'

export interface OperationFunctionProps {
  readonly operation: Operation
  readonly sources: Sources
  readonly functions: FunctionDefaults
}

/** The Lambda of one operation. Its effect decides what it is given: one access token at most, among others. */
export class OperationFunction extends GatewayFunction {
  readonly operation: Operation

  constructor(scope: Construct, id: string, { operation, sources, functions }: OperationFunctionProps) {
    super(scope, id, {
      defaults: functions,
      name: functionNameOf(operation),
      description: operation.summary,
      timeout: operation.files ? STREAM_TIMEOUT : OPERATION_TIMEOUT,
      supplies: suppliesOf(operation, sources),
    })
    this.operation = operation
  }
}
