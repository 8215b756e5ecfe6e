/** `npm run walks`: how many sources three requests load and pass, beside what they should pass at most. */
import { parsedArgs, runCommand, stackOf } from '../../../infra/local/usage.ts'
import { countWalks } from './walks.ts'

const USAGE = `npm run walks -- [--files]
counts the sources of lib/ and functions/ that a read, a toggle's PUT and a grant in Slack load and pass`

const OPTIONS = {
  files: { type: 'boolean', default: false, says: 'names them; + is passed, - only loaded' },
} as const

await runCommand(
  async () => {
    const { values } = parsedArgs({ args: process.argv.slice(2), options: OPTIONS }, USAGE)
    const walked = await countWalks()
    console.log(row('walk', 'loaded', 'passed', 'aim'))
    for (const { name, loaded, passed, aim } of walked)
      console.log(row(name, loaded.length, passed.length, aim))
    if (!values.files) return
    for (const { name, loaded, passed } of walked) {
      const marked = loaded.map((source) => `${passed.includes(source) ? '+' : '-'} ${source}`)
      console.log(['', name, ...marked].join('\n'))
    }
  },
  { explain: stackOf },
)

function row(name: string, ...counts: readonly (string | number)[]): string {
  return name.padEnd(38) + counts.map((count) => String(count).padStart(8)).join('')
}
