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
 */
export function command(
  script: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Ended> {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, HOME: '/nonexistent', ...variables }
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, script), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}
