/** The page as the build has left it: one file of HTML, compressed ahead, and beside it what its headers need. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import type { ContentCoding } from './choose-coding.ts'

const hash = z.string().check(z.regex(/^sha256-[A-Za-z0-9+/]{43}=$/))

/** infra/build/page.ts writes it. */
const Made = z.object({
  etag: z.string().check(z.regex(/^"[\x21\x23-\x7e]+"$/)),
  scriptHash: hash,
  styleHash: hash,
})

export interface PageFile extends z.output<typeof Made> {
  readonly forms: Readonly<Record<ContentCoding, Uint8Array>>
}

/** @throws Error where the directory has no page, or one that was not built to its end. */
export function readPage(directory: string): PageFile {
  const read = (file: string) => readFileSync(join(directory, file))
  return {
    ...z.parse(Made, JSON.parse(read('page.json').toString('utf8'))),
    forms: { br: read('page.html.br'), gzip: read('page.html.gz'), identity: read('page.html') },
  }
}
