/** DIR/policy.json: who is who on the laptop, and which changes a second person must approve; anyone may edit it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Policy } from '../../lib/changes/policy.ts'
import { writeJsonFile } from './org/atomic-file.ts'

/** The laptop's three callers are three persons. One license, which few orgs have, shows what an approval is like. */
const STANDARD: Policy = {
  approvals: [{ licenses: ['cxCloudSN'] }],
  people: {
    'local-viewer': { role: 'viewer', jwt: ['local-viewer'] },
    'local-operator': { role: 'operator', jwt: ['local-operator'] },
    'local-approver': { role: 'approver', jwt: ['local-approver'] },
  },
}

/** @returns the file's path; it is written where there is none. */
export function policyFile(directory: string): string {
  const path = join(directory, 'policy.json')
  if (!existsSync(path)) writeJsonFile(path, STANDARD)
  return path
}
