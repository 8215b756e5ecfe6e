import { teamsWebhooks } from '../../lib/composition/chat-webhooks.ts'

export const handler = teamsWebhooks()
