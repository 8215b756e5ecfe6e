import type { EventBus } from '../../../changes/model/change-events.ts'

/**
 * A bus for the press of a requester's own button: what it brings about is what the press is answered with, and need
 * not be told a second time where it was asked for.
 */
export function answeredBus(bus: EventBus): EventBus {
  return {
    put: (announcements) =>
      bus.put(
        announcements.map(({ detail, ...rest }) => ({ ...rest, detail: { ...detail, isAnswered: true } })),
      ),
  }
}
