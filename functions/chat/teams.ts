import { teamsWebhooks } from '../../lib/composition/doors/chat-webhooks.ts'

export const handler = teamsWebhooks()
