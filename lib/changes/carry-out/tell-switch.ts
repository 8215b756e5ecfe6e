/** Tells of the stop switch, turn by turn: the tick does, so each is told within a minute, whoever threw it. */
import { turnOf } from '../answers/render-writes.ts'
import { writeEvents } from '../model/change-events.ts'
import { randomId } from '../model/record-ids.ts'
import type { WriteSwitch } from '../model/write-switch.ts'
import type { Workbench } from '../record/desk.ts'

/** PutEvents takes so many at once; the next tick tells the others. */
const MAX_TOLD = 10

/** What the line of the log names in place of a change. */
const NAME = 'writes'

/** What one event is known by, however often it goes out. */
export function switchEventIdOf({ version }: Pick<WriteSwitch, 'version'>): string {
  return `${NAME}#${version}`
}

/** Puts the events of the turns that have not been told, in order, and notes which went out. What fails is tried again at the next tick. */
export async function tellSwitch(
  { bus, ledger, clock, log }: Pick<Workbench, 'bus' | 'ledger' | 'clock' | 'log'>,
  thrown: WriteSwitch,
): Promise<void> {
  try {
    const turns = await untoldTurns(ledger, thrown)
    const taken = await bus.put(
      turns.map((turn) => ({
        detailType: writeEvents[turn.state],
        detail: { eventId: switchEventIdOf(turn), writes: turnOf(turn) },
        atMs: clock.nowMs(),
      })),
    )
    const firstLeft = turns.findIndex((_, place) => !taken[place])
    if (firstLeft !== -1)
      log.noteDeferred(NAME, 'the event bus refused the event of the stop switch', undefined)
    const lastTold = firstLeft === -1 ? turns.at(-1) : turns[firstLeft - 1]
    if (lastTold) {
      await ledger.putSwitch({ ...thrown, writeId: randomId(), toldVersion: lastTold.version }, thrown)
    }
  } catch (error) {
    log.noteDeferred(NAME, 'the event of the stop switch could not be put', error)
  }
}

/** The earliest first. */
async function untoldTurns(
  ledger: Pick<Workbench['ledger'], 'switchTurns'>,
  thrown: WriteSwitch,
): Promise<readonly WriteSwitch[]> {
  const { version: latest, toldVersion = 0 } = thrown
  const isOneUntold = toldVersion === latest - 1
  const earlier = isOneUntold ? [] : [...(await ledger.switchTurns())].reverse()
  return [...earlier.filter(({ version }) => version > toldVersion && version < latest), thrown].slice(
    0,
    MAX_TOLD,
  )
}
