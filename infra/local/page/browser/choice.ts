/** Who one is and where one types: each tab's own, kept over a reload, and the same in the API reference's frame. */

import type { SeenMessage } from '../../chat/seen.ts'
import type { PageRole } from '../session.ts'

export interface Choice {
  /** A person of policy.json. */
  readonly as: string
  readonly role: PageRole
  readonly platform: SeenMessage['platform']
}

const KEY = 'choice'

export function keptChoice(): Partial<Choice> {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Choice>
}

export function keepChoice(choice: Choice): void {
  sessionStorage.setItem(KEY, JSON.stringify(choice))
}
