/** `npm start`: the whole gateway on this machine, until Ctrl-C. */
import { appendFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { lines } from '../../lib/observe/lines.ts'
import { ProvisioningError } from '../credentials/provisioning-error.ts'
import { takeDirectory } from './directory.ts'
import { takePort } from './gateway/server.ts'
import { howTo } from './how-to.ts'
import { type StartOptions, startOptions } from './options.ts'
import { removeRunFile, writeRunFile } from './run-file.ts'
import { startLocal } from './stack.ts'
import { UsageError } from './usage.ts'

/** Whatever has not stopped by then is cut off. Milliseconds. */
const STOP_WITHIN_MS = 1_500

async function main(options: StartOptions): Promise<void> {
  const directory = resolve(options.directory)
  const taken = takeDirectory(directory, options)
  const logFile = join(directory, 'gateway.log')
  lines.write = (line) => appendFileSync(logFile, line)
  try {
    const stack = await startLocal({
      directory,
      taken: await takePort(options.port),
      org: { users: taken.users, toggles: options.toggles, latencyMs: options.latencyMs },
      ...(options.real ? { real: options.real } : {}),
      onFailure: (sentence) => console.error(sentence),
      onRotationFailure: (sentence) => console.error(`rotation failed: ${sentence}`),
    })
    stopOnSignal(async () => {
      removeRunFile(directory)
      await stack.close()
      taken.release()
    })
    const { gateway, orgUrl, aws, tokens, chat } = stack
    writeRunFile(directory, {
      gateway,
      org: orgUrl,
      aws: aws.url,
      events: aws.url,
      key: aws.key,
      tokens,
      ...(chat ? { chat: chat.forScripts } : {}),
    })
    console.log(`ready ${gateway}`)
    console.log(howTo(stack, logFile, options))
  } catch (error) {
    taken.release()
    throw error
  }
}

function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false
  const onSignal = () => {
    // A terminal and npm may both deliver one Ctrl-C.
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

/** A person's mistake gets its sentence; anything else is ours and comes with its stack. */
function explain(error: unknown, port: string): string {
  if (error instanceof UsageError || error instanceof ProvisioningError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `Port ${port} is in use: stop what listens there, or choose another with npm start -- --port N (0 picks a free one)`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

let port = ''
try {
  const options = startOptions(process.argv.slice(2), process.env)
  port = String(options.port)
  await main(options)
} catch (error) {
  console.error(explain(error, port))
  process.exitCode = error instanceof UsageError ? 2 : 1
}
