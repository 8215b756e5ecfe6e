/** The page's own code as browsers run it: bundled when it is first asked for, since most starts never are. */
import { join } from 'node:path'

const ENTRIES = ['page', 'reference'] as const
export type Entry = (typeof ENTRIES)[number]

const made = new Map<Entry, Promise<string>>()

/** @returns one ES module. @throws Error where the code does not build. */
export function browserCode(entry: Entry): Promise<string> {
  const known = made.get(entry)
  if (known) return known
  const making = bundled(entry)
  made.set(entry, making)
  return making
}

async function bundled(entry: Entry): Promise<string> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'browser', `${entry}.ts`)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    charset: 'utf8',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
