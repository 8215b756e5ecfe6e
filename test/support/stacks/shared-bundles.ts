/**
 * The bundles of all functions, which take 8 s of a core to build: once, when the first file asks for them. Files may be in
 * processes of their own, so Vitest's has them built, and says where they are.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type BuiltFunction, build } from '../../../infra/build/bundles.ts'
import { serveLoopback } from '../../../infra/local/loopback.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where to ask for `SharedBundles`, in the project whose files look into them. */
    readonly sharedBundles: string
  }
}

export interface SharedBundles {
  /** Every file's: none puts anything there. */
  readonly directory: string
  readonly functions: readonly BuiltFunction[]
  /** What the build said of sizes. */
  readonly lines: readonly string[]
}

/** @returns what ends it. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'bundles-'))
  const make = async (): Promise<SharedBundles> => {
    const lines: string[] = []
    return {
      directory,
      functions: await build({ outDir: directory, print: (line) => lines.push(line) }),
      lines,
    }
  }
  let made: Promise<SharedBundles> | undefined
  const { url, close } = await serveLoopback((_, response) => {
    made ??= make()
    made.then(
      (bundles) => response.end(JSON.stringify(bundles)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  provide('sharedBundles', url)
  return async () => {
    await close()
    rmSync(directory, { recursive: true, force: true })
  }
}
