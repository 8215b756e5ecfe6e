/** `npm run report`: keeps a billing period of a running local gateway as a file, and says in three lines what it says. */
import { resolve } from 'node:path'
import { readRunFile } from '../run-file.ts'
import { keepPrivately, runCommand } from '../usage.ts'
import { type Figures, readFigures, readPeriod } from './ask.ts'
import { FORMATS, type ReportOptions, reportOptions } from './options.ts'

async function main({ period, format, out, directory }: ReportOptions): Promise<void> {
  const { gateway, tokens } = readRunFile(resolve(directory))
  const asked = { gateway, token: tokens.viewer }
  const figures = await readFigures(asked, period)
  const { accept, query } = FORMATS[format]
  // By its id, so that both are of one period though another may begin meanwhile.
  const bytes = await readPeriod(asked, figures.id, accept, query)
  keepPrivately(out, bytes)
  console.log(linesOf(figures, out).join('\n'))
}

function linesOf({ id, start, end, status, asOf, isWhole, counting, licenses }: Figures, file: string) {
  const over = licenses.filter(({ over: count = 0 }) => count > 0)
  const untold = licenses.filter(({ seats }) => seats === undefined).length
  const told = over.map(({ licenseId, over: count, overSince }) => {
    return `${licenseId} by ${count}${overSince === undefined ? '' : ` since ${overSince}`}`
  })
  const overs = told.length === 0 ? 'no license is known to be over' : `over: ${told.join(', ')}`
  const doubt = untold === 0 ? '' : `; of ${untold} nobody has told how many are paid for`
  return [
    `${file}: period ${id}, ${start} to ${end}, ${status}`,
    `${readTextOf(asOf, isWhole)}; ${counting === undefined ? 'how the contract counts is not known' : `counted as ${counting}`}`,
    `${licenses.length} ${licenses.length === 1 ? 'license' : 'licenses'}; ${overs}${doubt}`,
  ]
}

function readTextOf(asOf: string | undefined, isWhole: boolean | undefined): string {
  if (asOf === undefined) return 'nobody has read who held what in this period'
  return `as of ${asOf}, ${isWhole ? 'the whole organization' : 'not the whole organization, so counts may be wrong'}`
}

await runCommand(async () => await main(reportOptions(process.argv.slice(2))))
