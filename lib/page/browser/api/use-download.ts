/** A file of the gateway's, handed to the browser to keep. */
import { useState } from 'preact/hooks'
import { usePage } from '../shell/page-context.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import type { PageCall } from './call-api.ts'

/** Some browsers begin to take it later, milliseconds. */
const KEPT_MS = 60_000

export function useDownload() {
  const { api } = usePage()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  return {
    isBusy,
    problem,
    /** @param name in place of the gateway's, where the page knows a better one; without its ending. */
    async start(call: PageCall, name?: string): Promise<void> {
      setBusy(true)
      setProblem(undefined)
      try {
        const file = await api.download(withBom(call))
        const called = name === undefined ? file.name : `${name}${/[.][a-z]+$/.exec(file.name)?.[0] ?? ''}`
        saveFile(file.bytes, called)
        tellAloud(`${called} is downloaded.`)
      } catch (error) {
        setProblem(error)
      } finally {
        setBusy(false)
      }
    },
  }
}

/** Whoever saves a CSV from a page opens it in a spreadsheet, and Excel takes one without the mark for another encoding. */
function withBom(call: PageCall): PageCall {
  if (call.accept !== 'text/csv') return call
  return { ...call, path: `${call.path}${call.path.includes('?') ? '&' : '?'}bom=true` }
}

/** Hands over what the page has itself. */
export function saveFile(bytes: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(bytes)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS)
}
