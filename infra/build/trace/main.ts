/** `npm run trace -- NAME`: reads lines of a function's log, and prints them with the sources' places in their stacks. */
import { globSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { bundleWithMap } from '../bundles.ts'
import { readStack } from './read-stack.ts'

const [name = ''] = process.argv.slice(2)
const files = globSync('**/*.ts', { cwd: resolve(import.meta.dirname, '../../../functions') })
const file = files.find((each) => basename(each, '.ts') === name)
if (file === undefined) {
  console.error(
    'npm run trace -- NAME < lines: NAME is a function as its file is called, such as get-license-user',
  )
  process.exitCode = 2
} else {
  const { map } = await bundleWithMap(file)
  console.log(readStack(await text(process.stdin), map).trimEnd())
}
