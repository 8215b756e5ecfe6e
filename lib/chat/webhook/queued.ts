/**
 * What a webhook function hands on: the delivery exactly as it came. Whoever carries it out verifies the signature
 * again, so that being able to put events on the bus, or to invoke the function, is not being able to speak as a person.
 */

/** The event that Slack's function puts on the stack's bus. */
export const CHAT_DELIVERED = 'License Chat Delivered'
export const CHAT_SOURCE = 'genesys-license-gateway.chat'

/**
 * A Teams outgoing webhook is answered within 5 s of its request, or the answer is lost. What run-command has by
 * then is the answer; what takes it longer it posts to the channel's incoming URL itself, and answers without a reply.
 * Milliseconds since `receivedAtMs`; Teams' function waits so much longer that no answer falls between the two.
 */
export const TEAMS_ANSWERS_WITHIN_MS = 3_500
export const TEAMS_WAITS_MS = 4_000
