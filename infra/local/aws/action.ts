import * as z from 'zod/mini'
import { AwsError } from './aws-error.ts'

/** One action: its parsed input in, its output out, as JSON values. Throws AwsError. */
export type Action = (input: unknown) => unknown

/** Parses an action's input; members that it does not use are ignored, as other optional ones come with the SDK. */
export function action<S extends z.ZodMiniType>(schema: S, run: (input: z.output<S>) => unknown): Action {
  return (input) => {
    const { success, data, error } = z.safeParse(schema, input)
    if (success) return run(data)
    const [issue] = error.issues
    throw new AwsError(
      'ValidationException',
      `Invalid member ${issue?.path.join('.') ?? ''}: ${issue?.message}`,
    )
  }
}
