/** The org file's rules about people, as the functions read them. */
import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { Policy } from '../../changes/model/policy.ts'
import { ConfigurationError } from '../../errors.ts'
import { Faults, faultsOf, sentenceOf } from '../../field-faults.ts'

/** @throws ConfigurationError where the file cannot be read or holds something else. */
export function readPolicy(file: string): Policy {
  const parsed = z.safeParse(Policy, jsonInFile(file), { reportInput: true, error: sentenceOf })
  if (parsed.success) return parsed.data
  const faults = new Faults()
  faults.addEach(faultsOf(parsed.error, ''))
  const first = faults.first.map(({ fieldName, message }) => `${fieldName} ${message}`).join('; ')
  const more = faults.count - faults.first.length
  throw new ConfigurationError(
    `POLICY_FILE must hold the org's people and approvals: ${first}${more > 0 ? `; and ${more} more` : ''}`,
  )
}

function jsonInFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new ConfigurationError(
      `POLICY_FILE must name a file of JSON that can be read, and ${file} is none`,
      { cause },
    )
  }
}
