/** A file of the gateway's, handed to the browser to keep. */
import { useState } from 'preact/hooks'
import { usePage } from '../shell/page-context.ts'
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
    async start(call: PageCall): Promise<void> {
      setBusy(true)
      setProblem(undefined)
      try {
        const { bytes, name } = await api.download(call)
        saveFile(bytes, name)
      } catch (error) {
        setProblem(error)
      } finally {
        setBusy(false)
      }
    },
  }
}

/** Hands over what the page has itself. */
export function saveFile(bytes: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(bytes)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS)
}
