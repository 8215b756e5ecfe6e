import { slackWebhooks } from '../../lib/composition/chat-webhooks.ts'

export const handler = slackWebhooks()
