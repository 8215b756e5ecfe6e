/** Calls off a plan of this page's that its maker has turned away from: else it stands among the changes until it lapses. */
import { usePage } from '../shell/page-context.ts'

/** @returns what nobody waits for: where the plan was applied meanwhile, or cannot be called off, it is left as it is. */
export function useCallOff(): (changeId: string) => void {
  const { api } = usePage()
  return (changeId) => {
    const idempotencyKey = crypto.randomUUID()
    const path = `v1/changes/${changeId}/cancel`
    api.call({ method: 'POST', path, body: { isDraft: true }, idempotencyKey }).catch(() => undefined)
  }
}
