/** What docs/operations.md says that an operator's own role needs, held against the code of the commands. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandsOfScript } from './carried-commands.ts'

const PAGE = readFileSync(resolve(import.meta.dirname, '../../../docs/operations.md'), 'utf8')

/** `service:Action` of a row; where the service is left out, it is that of the action before. */
function actionsTold(command: string): string[] {
  const row = PAGE.split('\n').find((line) => line.startsWith(`| \`npm run ${command}\` | `))
  if (row === undefined) throw new Error(`docs/operations.md has no row on what npm run ${command} needs`)
  const actions: string[] = []
  let service = ''
  for (const [, named = '', action = ''] of row.matchAll(/`(?:([a-z]+):)?([A-Z]\w+)`/g)) {
    service = named || service
    actions.push(`${service}:${action}`)
  }
  return actions.sort()
}

/** What AWS asks besides: of whoever rotates, and of whoever reads and puts a secret under a key of one's own. */
const BESIDES: Readonly<Record<string, readonly string[]>> = {
  'secretsmanager:RotateSecret': ['lambda:InvokeFunction'],
  'secretsmanager:GetSecretValue': ['kms:Decrypt'],
  'secretsmanager:PutSecretValue': ['kms:GenerateDataKey'],
}

describe("an operator's own role", () => {
  it.each(['credentials', 'redrive'])('is told what npm run %s asks of AWS, and no more', async (command) => {
    const carried = [...(await commandsOfScript(`infra/${command}/main.ts`))]
    const needed = new Set<string>([...carried, ...carried.flatMap((each) => BESIDES[each] ?? [])])
    expect(actionsTold(command)).toEqual([...needed].sort())
  })
})
