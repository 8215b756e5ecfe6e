/** `npm run trace -- NAME`: reads lines of a function's log, and prints them with the sources' places in their stacks. */
import { globSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { bundleWithMap } from '../bundles.ts'
import { readStack } from './read-stack.ts'

const USAGE = `npm run trace -- NAME < lines
prints lines of that function's log with the sources' places in their stacks; NAME is as its file is called, such as get-license-user`

const files = globSync('**/*.ts', { cwd: resolve(import.meta.dirname, '../../../functions') })

async function trace(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  const [name, ...more] = positionals
  if (values.help) return console.log(USAGE)
  if (name === undefined || more.length > 0) throw new Error('Name one function')
  const file = files.find((each) => basename(each, '.ts') === name)
  if (file === undefined) throw new Error(`There is no function ${name}`)
  const { map } = await bundleWithMap(file)
  console.log(readStack(await text(process.stdin), map).trimEnd())
}

await trace(process.argv.slice(2)).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  console.error(`${message.split(/\.\s/, 1)[0]}:\n${USAGE}`)
  process.exitCode = 2
})
