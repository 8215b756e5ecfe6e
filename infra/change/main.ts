/** `npm run change`: gives and takes licenses by a file, from the plan to what became of each row. */
import { LOCAL_DIRECTORY } from '../local/run-file.ts'
import { runCommand } from '../local/usage.ts'
import { type ChangeOptions, changeOptions } from './options.ts'
import { changeCommand } from './run-change.ts'

/** As a shell has it for Ctrl-C, and for a job that is called off. */
const codes = { SIGINT: 130, SIGTERM: 143 } as const

async function main(options: ChangeOptions): Promise<void> {
  const { env: variables, stdout: out, stderr: err } = process
  const command = changeCommand(options, { variables, directory: LOCAL_DIRECTORY, out, err })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // A terminal's and npm's repeat of it may come at once (launch.mjs).
    process.on(signal, () => {
      command.leave()
      process.exit(codes[signal])
    })
  }
  process.exitCode = await command.run()
}

await runCommand(async () => await main(changeOptions(process.argv.slice(2))))
