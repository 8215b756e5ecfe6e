/** The org file's rules about people, as the functions read them. */
import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { Policy } from '../changes/policy.ts'
import { ConfigurationError } from '../environment.ts'

/** @throws ConfigurationError where the file cannot be read or holds something else. */
export function policyIn(file: string): Policy {
  const parsed = z.safeParse(Policy, jsonOf(file))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'} ${message}`)
  throw new ConfigurationError(`POLICY_FILE must hold the org's people and approvals: ${faults.join('; ')}`)
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new ConfigurationError('POLICY_FILE must name a file of JSON that can be read', { cause })
  }
}
