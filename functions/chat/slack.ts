import { slackWebhooks } from '../../lib/composition/doors/chat-webhooks.ts'

export const handler = slackWebhooks()
