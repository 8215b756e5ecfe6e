import type { Composition } from '../../http/lambda.ts'
import { operations } from '../../operations/index.ts'
import { includesRole } from '../../roles.ts'

/** The same with the registry of all operations, which no other function carries. */
export function withOperations(composition: Composition<'record'>): Composition<'record'> {
  return {
    ...composition,
    contextFor: (call, operation) => ({
      ...composition.contextFor(call, operation),
      operationsOf: (held) => operations.filter(({ role }) => includesRole(held, role)).map(({ id }) => id),
    }),
  }
}
