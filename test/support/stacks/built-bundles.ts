import { inject } from 'vitest'
import type { SharedBundles } from './shared-bundles.ts'

/** The bundles of all functions, as a deployment has them. They are other files' too: nothing may be changed of them. */
export async function builtBundles(): Promise<SharedBundles> {
  const answer = await fetch(inject('sharedBundles'))
  const said = await answer.text()
  if (!answer.ok) throw new Error(`The bundles were not built: ${said}`)
  return JSON.parse(said)
}
