/** `npm start`: the whole gateway on this machine, until Ctrl-C. */
import { appendFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join, resolve } from 'node:path'
import { ConfigurationError } from '../../lib/errors.ts'
import { ProvisioningError } from '../credentials/provisioning-error.ts'
import { StateError } from './atomic-file.ts'
import { PortError, type TakenPort, takePort } from './gateway/server.ts'
import { howTo } from './how-to.ts'
import { type StartOptions, startOptions } from './options.ts'
import { isPolicyEdited } from './policy-file.ts'
import { removeRunFile, writeRunFile } from './run-file.ts'
import { type LocalStack, type RealOrg, startLocal } from './stack.ts'
import { EMBEDDED_ORG, takeDirectory } from './state/directory.ts'
import { PrintError, runCommand, UsageError } from './usage.ts'

/** Whatever has not stopped by then is cut off. Milliseconds. */
const STOP_WITHIN_MS = 1_500

async function main(options: StartOptions): Promise<void> {
  // Tokens and secrets lie in what is written, by libraries too, which let everybody read it.
  process.umask(0o077)
  const directory = resolve(options.directory)
  const taken = takeDirectory(directory, { org: orgOf(options.real), isReset: options.isReset })
  let isGivenUp = false
  // Wherever and however it ends, but for what kills it.
  const giveUp = () => {
    if (isGivenUp) return
    isGivenUp = true
    removeRunFile(directory)
    taken.release()
  }
  process.on('exit', giveUp)
  /** Undefined until there is something to stop. */
  let stack: LocalStack | undefined
  stopOnSignal(
    () => stack,
    async (running) => {
      removeRunFile(directory)
      await running.close()
      giveUp()
    },
  )
  const logFile = join(directory, 'gateway.log')
  let port: TakenPort | undefined
  try {
    port = await takePort(options.port)
    // Not before it is sure that there is something to begin anew.
    if (options.isReset) {
      taken.clear()
      if (isPolicyEdited(directory)) console.error(keptPolicyText(directory))
    }
    const users = taken.usersFor(options.users)
    stack = await startLocal({
      directory,
      taken: port,
      org: {
        users,
        toggles: options.toggles,
        latencyMs: options.latencyMs,
        ...(options.hasContract && { billing: { contracts: [{}] } }),
      },
      real: options.real,
      identity: options.identity,
      writeLine: (line) => appendFileSync(logFile, line),
      onFailure: (sentence) => console.error(sentence),
      onAdvice: (sentence) => console.error(sentence),
      onRotationFailure: (sentence) => console.error(`rotation failed: ${sentence}`),
    })
    writeRunFile(directory, stack.run)
    console.log(`ready ${stack.gateway}`)
    console.log(howTo(stack, logFile, options))
  } catch (error) {
    await port?.close()
    giveUp()
    throw error
  }
}

function keptPolicyText(directory: string): string {
  return `${join(directory, 'policy.json')} stays as somebody has written it: delete it, and npm start writes its own`
}

/** One of another client may be another org. */
function orgOf(real: RealOrg | undefined): string {
  return real ? `the org of OAuth client ${real.credentials.clientId} in ${real.region}` : EMBEDDED_ORG
}

function stopOnSignal(
  running: () => LocalStack | undefined,
  stop: (stack: LocalStack) => Promise<void>,
): void {
  let isStopping = false
  const onSignal = (signal: NodeJS.Signals) => {
    // A terminal and npm may both deliver one Ctrl-C.
    if (isStopping) return
    isStopping = true
    const stack = running()
    // Not ready yet: as a process ends that takes no notice of signals.
    if (!stack) process.exit(128 + constants.signals[signal])
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref()
    stop(stack).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(explain(error))
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
}

/** A person's mistake, and what cannot be had or used, get their sentence; anything else is ours, and may need its stack. */
function explain(error: unknown): string {
  if (error instanceof StateError) return `${error.message} Mend or remove it, or begin anew with --reset`
  for (const known of [UsageError, PortError, ProvisioningError, ConfigurationError, PrintError]) {
    if (error instanceof known) return error.message
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `It ended by a fault that it does not know: ${message}. DEBUG=1 npm start says where`
}

await runCommand(async () => await main(startOptions(process.argv.slice(2), process.env)), {
  explain,
  onClosedPipe: () => console.error('Nobody reads what it prints any more. It runs on until Ctrl-C.'),
})
