/** Tells of the stop switch, once a turn: the tick does, so it is told within a minute, whoever threw it. */
import { turnOf } from '../answers/render-writes.ts'
import { writeEvents } from '../model/change-events.ts'
import { randomId } from '../model/record-ids.ts'
import type { WriteSwitch } from '../model/write-switch.ts'
import type { Workbench } from '../record/desk.ts'

/** What the line of the log names in place of a change. */
const NAME = 'writes'

/** What one event is known by, however often it goes out. */
export function switchEventIdOf({ version }: Pick<WriteSwitch, 'version'>): string {
  return `${NAME}#${version}`
}

/** Puts the event of the turn that stands, and notes that it went out. What fails is tried again at the next tick. */
export async function tellSwitch(
  { bus, ledger, clock, log }: Pick<Workbench, 'bus' | 'ledger' | 'clock' | 'log'>,
  thrown: WriteSwitch,
): Promise<void> {
  const { state, version } = thrown
  const detail = { eventId: switchEventIdOf(thrown), writes: turnOf(thrown) }
  try {
    const [isTaken] = await bus.put([{ detailType: writeEvents[state], detail, atMs: clock.nowMs() }])
    if (isTaken) await ledger.putSwitch({ ...thrown, writeId: randomId(), toldVersion: version }, thrown)
    else log.noteDeferred(NAME, 'the event bus refused the event of the stop switch', undefined)
  } catch (error) {
    log.noteDeferred(NAME, 'the event of the stop switch could not be put', error)
  }
}
