/** Who the events of `npm run event` are from: the gateway takes such events from any source. */
export const EVENT_COMMAND_SOURCE = 'local.command'
