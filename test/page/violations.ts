/** What a public checker of accessibility has against what a browser shows. */
import axe from 'axe-core'
import type { Frame } from 'playwright-core'
import * as z from 'zod/mini'

const Violations = z.array(
  z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
)

/** @returns a line for each rule that is broken, with the first place where it is. Every rule of axe's counts. */
export async function violationsIn(frame: Frame): Promise<string[]> {
  // Half a megabyte of script: once a document.
  if (!(await frame.evaluate('"axe" in window'))) await frame.evaluate(axe.source)
  const found = await frame.evaluate(
    `axe.run(document, { iframes: false, resultTypes: ['violations'], selectors: false, preload: false }).then(({ violations }) => violations)`,
  )
  return Violations.parse(found).map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`)
}
