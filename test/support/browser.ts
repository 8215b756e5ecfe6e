/**
 * A real headless Chromium for the tests of the page: the lockfile's own where it runs (Linux on x64), else one that the
 * machine has.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

/** Where machines keep theirs, by `process.platform`. */
const INSTALLED: Readonly<Record<string, readonly string[]>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
}

/** Longest that a browser may take to start, milliseconds. */
const STARTS_WITHIN_MS = 30_000

/** None of this machine's starts; the message says why, and what to install. */
export class NoBrowser extends Error {
  override readonly name = 'NoBrowser'
}

let ofProcess: Promise<Browser> | undefined

/**
 * The one that the files of a process share. It ends with the process, which Vitest ends by SIGTERM.
 *
 * @throws NoBrowser
 */
export function browserOfProcess(): Promise<Browser> {
  if (ofProcess === undefined) {
    // As a process exits Playwright ends the browser and removes its files; by the signal alone it would not exit.
    process.once('SIGTERM', () => process.exit())
    ofProcess = startBrowser()
  }
  return ofProcess
}

interface Candidate {
  readonly executablePath: string
  /** Added to this process's environment. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * @param args added to Chromium's command line.
 * @throws NoBrowser
 */
export async function startBrowser(args: readonly string[] = []): Promise<Browser> {
  const reasons = new Set<string>()
  for (const source of sources) {
    try {
      for (const { executablePath, env } of await source()) {
        const started = await start({ executablePath, env }, args)
        if (typeof started !== 'string') return started
        reasons.add(started)
      }
    } catch (error) {
      reasons.add(reasonIn(error))
    }
  }
  const tried = reasons.size === 0 ? 'none was found' : [...reasons].join('; ')
  throw new NoBrowser(
    `No Chromium starts on this machine (${tried}): install the package chromium, or Google Chrome on macOS`,
  )
}

/** @returns why it did not start where it did not. */
async function start({ executablePath, env }: Candidate, args: readonly string[]): Promise<Browser | string> {
  try {
    return await chromium.launch({
      executablePath,
      args: [...args],
      env: { ...process.env, ...env },
      timeout: STARTS_WITHIN_MS,
      // Playwright's own handler closes the browser and leaves the process running.
      handleSIGTERM: false,
    })
  } catch (error) {
    return reasonIn(error)
  }
}

const sources: readonly (() => readonly Candidate[] | Promise<readonly Candidate[]>)[] = [packaged, installed]

async function packaged(): Promise<readonly Candidate[]> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return []
  const directory = await unpacked()
  const executablePath = join(directory, 'chromium')
  const fonts = { FONTCONFIG_FILE: join(directory, 'fonts.conf') }
  return [
    { executablePath, env: fonts },
    // A machine without NSS and the like: the package brings those of Amazon Linux.
    { executablePath, env: { ...fonts, LD_LIBRARY_PATH: join(directory, 'al2023/lib') } },
  ]
}

function installed(): readonly Candidate[] {
  const paths = (INSTALLED[process.platform] ?? []).filter((path) => existsSync(path))
  return paths.map((executablePath) => ({ executablePath, env: {} }))
}

/**
 * Unpacks the package's browser, fonts and libraries, once a version. The package itself would unpack to a shared place
 * in /tmp, and take whatever is there already for its own.
 *
 * @returns the folder.
 */
async function unpacked(): Promise<string> {
  const archives = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../bin')
  const { version }: { version: string } = JSON.parse(readFileSync(join(archives, '../package.json'), 'utf8'))
  const cache = join(import.meta.dirname, '../../node_modules/.cache')
  const directory = join(cache, `chromium-${version}`)
  if (existsSync(directory)) return directory
  mkdirSync(cache, { recursive: true })
  const making = mkdtempSync(`${directory}-`)
  try {
    const { inflate } = await import('@sparticuz/chromium')
    const into = (archive: string) => {
      // It unpacks to the temporary folder, and asks which that is before it returns.
      const before = process.env['TMPDIR']
      process.env['TMPDIR'] = making
      try {
        return inflate(join(archives, archive))
      } finally {
        if (before === undefined) delete process.env['TMPDIR']
        else process.env['TMPDIR'] = before
      }
    }
    await Promise.all(['chromium.br', 'fonts.tar.br', 'al2023.tar.br'].map(into))
    writeFileSync(join(making, 'fonts.conf'), fontsOf(directory))
    renameSync(making, directory)
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    // Another process may have been quicker; what is there under that name is whole.
    if (!existsSync(directory)) throw error
  }
  return directory
}

/** The machine's fonts, and the package's where it has none: text without a font has no width. */
function fontsOf(directory: string): string {
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    '  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
    `  <dir>${join(directory, 'fonts')}</dir>`,
    `  <cachedir>${join(directory, 'fonts-cache')}</cachedir>`,
    '</fontconfig>',
    '',
  ].join('\n')
}

function reasonIn(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const [firstLine = ''] = message.replace(/^browserType\.launch: /, '').split('\n', 1)
  return /error while loading.*/.exec(message)?.[0] ?? firstLine
}
