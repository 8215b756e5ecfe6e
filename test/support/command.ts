/** The project's own commands, each as a process of its own without a terminal. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const root = join(import.meta.dirname, '../..')

/**
 * @param script its main file, from the project's root.
 * @param variables the environment beside PATH and Node's cache; HOME is a folder in which no tool's settings are.
 * @param directory where it is typed.
 */
export function command(
  script: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  directory = root,
): Promise<Ended> {
  return beginCommand(script, args, variables, directory).ended
}

export interface Begun {
  readonly ended: Promise<Ended>
  /** Resolves once both streams together match; rejects where it ends before. */
  readonly printed: (text: RegExp) => Promise<void>
  readonly interrupt: () => void
}

/** The same of a command that the test does not wait for at once. */
export function beginCommand(
  script: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  cwd = root,
): Begun {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, HOME: '/nonexistent', ...variables }
  const { promise: ended, resolve: end } = Promise.withResolvers<Ended>()
  const child = execFile(
    process.execPath,
    [join(root, script), ...args],
    { env, cwd },
    (error, stdout, stderr) => {
      end({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    },
  )
  const printed = async (text: RegExp) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let soFar = ''
    const read = (chunk: string) => {
      soFar += chunk
      if (text.test(soFar)) resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    ended.then(() => reject(new Error(`it ended before that:\n${soFar}`)))
    await promise
  }
  return { ended, printed, interrupt: () => child.kill('SIGINT') }
}
