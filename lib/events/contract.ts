/**
 * What is no HTTP request. Events, fired schedules and the tick come in (`flip-toggle.ts`, `fire-schedule.ts`,
 * `advance-due-changes.ts`, each made a handler by `event-lambda.ts`); what became of changes goes out on the bus, schedules
 * to Scheduler, what nobody can carry out to the dead-letter queue. Start here, with the names on the stack's event bus;
 * docs/events.md has the details with examples.
 */

/** Who the events going out are from. */
export const EVENT_SOURCE = 'genesys-license-gateway'

/** The event that asks for a toggle, from any source. */
export const TOGGLE_REQUESTED = 'License Toggle Requested'

/** How late an event or a schedule may be carried out where it names no notAfter itself. Seconds. */
export const LATEST_SECONDS = 15 * 60

/** Deliveries of an event or a schedule are tried for no longer than that, and no more often. */
export const DELIVERY_MAX_AGE_SECONDS = 15 * 60
export const DELIVERY_MAX_RETRIES = 2

/** How often a turn of a list is handed on before it is given up, a quarter of an hour; the tick asks for the list's next one besides. */
export const TURN_MAX_RECEIVES = 15

/**
 * For how long a turn that is being taken is kept from everybody else, and no list moves where its function has died: twice
 * the function's timeout. AWS recommends six times, for tries within one delivery while Lambda throttles; here they are spread
 * over more deliveries, and a turn that is taken twice at once does no harm. Seconds.
 */
export const TURN_VISIBILITY_SECONDS = 60
