/**
 * Where every line of the log goes: standard output, which Lambda's JSON log format takes as it is when a line is JSON
 * already, CloudWatch metrics in embedded format included. The laptop puts its own function here.
 */
export const lines = {
  write(line: string): void {
    process.stdout.write(line)
  },
}

export type Level = 'INFO' | 'WARN' | 'ERROR'

/** CloudWatch cuts events at 256 kB; a line of ours stays far below. Characters. */
const MAX_LINE = 32_000

/** Writes one JSON line. Values must be free of secrets; what looks like a bearer token is cut out all the same. */
export function writeLine(level: Level, entry: Readonly<Record<string, unknown>>, nowMs: number): void {
  const line = JSON.stringify({ level, timestamp: new Date(nowMs).toISOString(), ...entry })
  lines.write(`${redacted(line).slice(0, MAX_LINE)}\n`)
}

/** The last net under every line: schemes of the Authorization header with what follows, and values of telling keys. */
function redacted(line: string): string {
  return line
    .replaceAll(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/g, '$1 [redacted]')
    .replaceAll(/((?:access_?token|client_?secret)\\?":\s*\\?")[^"\\]+/gi, '$1[redacted]')
}
