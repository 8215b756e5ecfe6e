import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Stage } from 'aws-cdk-lib'
import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { Policy, type PolicyFile } from '../../../lib/changes/model/policy.ts'
import type { Frozen, OrgFile } from '../../orgs/org-file.ts'
import { stackNameOf } from '../names.ts'
import type { Supply } from './supply.ts'

const FILE = 'policy.json'

/**
 * Who is who, which changes a second person must approve and which chats are listened to, as a file in a layer: the
 * variables of a function hold 4 kB together, which is some twenty people.
 */
export class PolicyLayer extends Construct {
  readonly #layer: LayerVersion

  constructor(scope: Construct, id: string, org: OrgFile) {
    super(scope, id)
    // Within the assembly, so that nothing is left behind; the asset itself is a copy named after its content.
    const assembly = Stage.of(this)?.outdir
    if (assembly === undefined) throw new Error('A policy layer is made within an app')
    const directory = join(assembly, `policy-${stackNameOf(org)}`)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, FILE), `${JSON.stringify(policyOf(org), undefined, 2)}\n`)
    this.#layer = new LayerVersion(this, 'Layer', {
      code: Code.fromAsset(directory),
      description: `People and approval rules of ${stackNameOf(org)}`,
    })
  }

  use(): Supply {
    return { environment: { POLICY_FILE: `/opt/${FILE}` }, layers: [this.#layer] }
  }
}

/** What the functions read of an org file. @throws ZodError where it is none of theirs, which its own checks rule out. */
function policyOf(org: OrgFile): Policy {
  const { approvals = [], approvalHours, reminders, people = {}, tools, reasons, limits, chat, writes } = org
  const { counting, licenses, seats, nearPercent, digest, inventory } = org
  // So that a rule of org files that the functions do not know is no policy to the compiler either.
  const policy: Frozen<PolicyFile> = {
    ...{ approvals, approvalHours, reminders, people, tools, reasons, limits, chat, writes },
    ...{ counting, licenses, seats, nearPercent, digest, inventory },
  }
  return Policy.parse(policy)
}
