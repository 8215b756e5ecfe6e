/** How the project's commands take what is typed behind them, explain themselves, and say what is wrong. */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** What to say instead of doing it: the user's mistake, in a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The same of a command that has more to say of itself: that is asked for, and the sentence stands alone. */
export function mistyped(sentence: string): UsageError {
  return new UsageError(`${sentence}; --help says how it is used`)
}

/** The terminal, file or program behind a command's output takes no more. */
export class PrintError extends Error {
  override readonly name = 'PrintError'
}

/** Somebody asks how a command is used; the message tells. */
class HelpAsked extends Error {
  override readonly name = 'HelpAsked'
}

/** An option as node:util's parseArgs takes it, with what `--help` says of it. */
export interface CommandOption {
  readonly type: 'string' | 'boolean'
  readonly default?: string | boolean
  readonly multiple?: boolean
  /** What stands behind it, e.g. `N`. */
  readonly value?: string
  readonly says: string
}

export type CommandOptions = Readonly<Record<string, CommandOption>>

/** Columns of a terminal that nobody has made wider. */
const COLUMNS = 80

/** Columns of the options' names. */
const NAMES = 26

const HELP = { help: { type: 'boolean', default: false, short: 'h' } } as const

/**
 * A command's arguments, by what node:util's parseArgs takes.
 *
 * @param usage its lines, with what it does.
 * @throws UsageError with Node's own sentence about what is wrong; HelpAsked.
 */
export function parsedArgs<const C extends ParseArgsConfig & { readonly options: CommandOptions }>(
  config: C,
  usage: string,
) {
  const whole = { ...config, args: withNumbers(config.args ?? [], config.options) }
  const { values } = parsed({ ...whole, options: { ...config.options, ...HELP }, strict: false })
  if (values['help'] === true) throw new HelpAsked(helpOf(usage, config.options))
  return parsed(whole)
}

/** `--port -1` as `--port=-1`, since no option is a number: Node takes a value with a dash for an option. */
function withNumbers(args: readonly string[], options: CommandOptions): string[] {
  const joined: string[] = []
  for (const arg of args) {
    const [, name = ''] = /^--([\w-]+)$/.exec(joined.at(-1) ?? '') ?? []
    const takesIt = Object.hasOwn(options, name) && options[name]?.type === 'string'
    if (takesIt && !joined.includes('--') && /^-\d/.test(arg)) joined.push(`${joined.pop()}=${arg}`)
    else joined.push(arg)
  }
  return joined
}

function parsed<const C extends ParseArgsConfig>(config: C) {
  try {
    return parseArgs(config)
  } catch (cause) {
    throw mistyped(sentenceOf(cause))
  }
}

/** Node's own, but for what it says of a value that is missing, which it explains by its grammar. */
function sentenceOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  const [, valueless] = /^Option '(?:-\w, )?(--[\w-]+).*(?:argument missing|is ambiguous)/.exec(message) ?? []
  if (valueless !== undefined) return `${valueless} needs a value behind it`
  return message.split(/\.\s/, 1)[0] ?? message
}

/** What `--help` prints: how the command is used, and each option with its default. */
function helpOf(usage: string, options: CommandOptions): string {
  const rows = Object.entries(options).map(([name, { value, says, default: standing }]) => {
    const shown = typeof standing === 'string' ? `${says} (default ${standing})` : says
    return row(`--${name}${value === undefined ? '' : ` ${value}`}`, shown)
  })
  return [usage, '', ...rows, row('--help', 'says this')].join('\n')
}

function row(name: string, says: string): string {
  const lines: string[] = []
  for (const word of says.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= COLUMNS - NAMES)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  const head = `  ${name}`
  const indent = ' '.repeat(NAMES)
  const isLong = head.length >= NAMES
  const [first = '', ...more] = lines
  return [
    isLong ? `${head}\n${indent}${first}` : head.padEnd(NAMES) + first,
    ...more.map((line) => indent + line),
  ].join('\n')
}

interface Running {
  /** What to say of a failure. Default: its message, since what fails is a person's doing or another program's. */
  readonly explain?: (error: unknown) => string
  /** Called where nobody reads any more what is printed, as behind `| head -1`. Default: the command ends quietly. */
  readonly onClosedPipe?: () => void
}

/**
 * Runs a command and sets the exit code: 2 for what was typed wrong, 1 for what failed, wherever it failed. A failure is
 * told in a sentence, and with DEBUG set where it came from too.
 */
export async function runCommand(
  run: () => Promise<void>,
  { explain = messageOf, onClosedPipe = () => process.exit() }: Running = {},
): Promise<void> {
  let isClosed = false
  let isOver = false
  const tell = (error: unknown) => {
    isOver = true
    process.exitCode = error instanceof UsageError ? 2 : 1
    console.error(explain(error))
    if (process.env['DEBUG']) console.error(stacksOf(error).join('\n'))
  }
  // A library's own callback throws, or what is printed cannot be written: nobody awaits that.
  process.on('uncaughtException', (error) => {
    tell(error)
    process.exit()
  })
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw new PrintError(`What it prints cannot be written: ${error.message}`)
      if (stream === process.stdout && !isClosed) {
        if (isOver) process.exit()
        onClosedPipe()
      }
      isClosed = true
    })
  }
  try {
    await run()
  } catch (error) {
    if (error instanceof HelpAsked) {
      isOver = true
      console.log(error.message)
    } else tell(error)
  }
}

/** Its own and its causes', without what else they carry: a request may be among that. */
function stacksOf(error: unknown): string[] {
  return error instanceof Error ? [error.stack ?? error.message, ...stacksOf(error.cause)] : []
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** For commands whose failures are ours: only what was typed wrong is told without a stack. */
export function stackOf(error: unknown): string {
  if (error instanceof UsageError || !(error instanceof Error)) return messageOf(error)
  return error.stack ?? error.message
}

/**
 * Before anything is asked for: what somebody has there, as the list that was handed in, is not written over.
 *
 * @throws UsageError
 */
export function refuseExisting(file: string): void {
  if (!existsSync(file)) return
  throw new UsageError(
    `--out ${file} is there already, and nothing is written over it: name a new file, or take that one away first`,
  )
}

/**
 * Writes what a command was told to keep, whole or not at all: names stand in it, so nobody else on this machine reads it.
 *
 * @throws Error with a sentence where it cannot be written.
 */
export function keepPrivately(file: string, bytes: Buffer): void {
  const unfinished = `${file}.${process.pid}.part`
  try {
    writeFileSync(unfinished, bytes, { mode: 0o600, flag: 'wx' })
    renameSync(unfinished, file)
  } catch (cause) {
    rmSync(unfinished, { force: true })
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    const why = code === 'ENOENT' ? 'its directory is not there' : `this machine says ${code}`
    throw new Error(`${file} cannot be written: ${why}`, { cause })
  }
}
