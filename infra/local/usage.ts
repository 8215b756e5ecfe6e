/** How the project's commands take what is typed behind them, and say that it is wrong. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** What to say instead of doing it: the user's mistake, in a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * A command's arguments, by what node:util's parseArgs takes.
 *
 * @throws UsageError with Node's own sentence about what is wrong, and how the command is used.
 */
export function parsedArgs<const C extends ParseArgsConfig>(config: C, usage: string) {
  try {
    return parseArgs(config)
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : cause}:\n${usage}`)
  }
}
