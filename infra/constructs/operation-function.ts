import type { Construct } from 'constructs'
import type { Operation } from '../../lib/operation.ts'
import type { Credentials } from './credentials.ts'
import { type FunctionDefaults, GatewayFunction, OPERATION_TIMEOUT } from './gateway-function.ts'
import { functionNameOf } from './names.ts'

export interface OperationFunctionProps {
  readonly operation: Operation
  readonly credentials: Credentials
  readonly functions: FunctionDefaults
}

/** The Lambda of one operation. Its effect decides which access token it may read: one, or none. */
export class OperationFunction extends GatewayFunction {
  readonly operation: Operation

  constructor(scope: Construct, id: string, { operation, credentials, functions }: OperationFunctionProps) {
    const token = credentials.tokenOf(operation.effect)
    super(scope, id, {
      defaults: functions,
      name: functionNameOf(operation),
      description: operation.summary,
      timeout: OPERATION_TIMEOUT,
      ...(token === undefined ? {} : { environment: { [token.variable]: token.secret.secretArn } }),
    })
    this.operation = operation
    if (token !== undefined) credentials.grantUse(this.role, token.secret)
  }
}
