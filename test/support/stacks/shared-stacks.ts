/** Where stacks keep their state that files share: no file knows that it is the last, so it is removed after all of them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A directory, in the project whose files share a stack. */
    readonly sharedStacks: string | undefined
  }
}

const directory = mkdtempSync(join(tmpdir(), 'stacks-'))

export function setup({ provide }: TestProject): void {
  provide('sharedStacks', directory)
}

export function teardown(): void {
  rmSync(directory, { recursive: true, force: true })
}
