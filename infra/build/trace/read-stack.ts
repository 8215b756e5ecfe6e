/** A stack of a deployed function, with the places in the sources that its places in the bundle come from. */
import { SourceMap, type SourceMapPayload } from 'node:module'

/** A place in a bundle, counted from 1, as Node writes it. */
const PLACE = /(?:[\w./-]*\/)?index\.js:(\d+):(\d+)/g

/** @param text with a stack somewhere in it, a line of the log as it stands for instance. @param map JSON. */
export function readStack(text: string, map: string): string {
  const payload: SourceMapPayload = JSON.parse(map)
  const sources = new SourceMap(payload)
  return text.replaceAll(PLACE, (place, line: string, column: string) => {
    const entry = sources.findEntry(Number(line) - 1, Number(column) - 1)
    if (!('originalSource' in entry)) return place
    return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  })
}
