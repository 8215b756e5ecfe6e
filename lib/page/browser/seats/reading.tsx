/** The reading that all counts rest on: how far the one is that is under way, and a way to ask for one. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { InventoryReading } from '../../../inventory/answers/inventory-schemas.ts'
import { problemTextOf } from '../api/problems.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useDeed } from '../api/use-deed.ts'
import { mayCall, useMe } from '../api/use-me.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Form } from '../parts/form.tsx'
import { Callout } from '../parts/states.tsx'
import { numberOf, Time } from '../parts/times.tsx'
import { useOpen } from '../session/drafts.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'

/** While one is under way somebody waits for it; else none is expected. */
const WAITED_FOR_MS = 3_000
const EVERY_MS = 60_000

interface ReadingProps {
  /** Of the counts that are shown. */
  readonly asOf: string | undefined
  /** There is a newer one. */
  readonly onRead: () => Promise<void>
}

export function Reading({ asOf, onRead }: ReadingProps) {
  const who = useMe()
  const [isWaited, setWaited] = useState(false)
  const [asking, setAsking] = useOpen('reading')
  const [isFresh, setFresh] = useState(false)
  const { value: latest, refresh } = useAnswer<InventoryReading>('v1/readings/latest', {
    everyMs: isWaited ? WAITED_FOR_MS : EVERY_MS,
  })
  const isUnderWay = latest?.state === 'waiting' || latest?.state === 'reading'
  const before = useRef(isUnderWay)
  useEffect(() => {
    setWaited(isUnderWay)
    const hasEnded = before.current && !isUnderWay
    before.current = isUnderWay
    if (!hasEnded) return
    tellAloud(latest?.state === 'whole' ? 'All of the organization was read.' : NOT_READ)
    void onRead()
  }, [isUnderWay, latest?.state, onRead])
  return (
    <>
      {latest && isUnderWay ? (
        <span class="note" role="status">
          {progressOf(latest)}
          {latest.waitsUntil && (
            <>
              ; Genesys asks to wait until <Time at={latest.waitsUntil} />
            </>
          )}
        </span>
      ) : (
        who !== undefined &&
        mayCall(who, 'createReading') && <Button onClick={() => setAsking('yes')}>Read again</Button>
      )}
      {isFresh && !isUnderWay && <span class="note">{FRESH}</span>}
      {latest?.state === 'notWhole' && asOf !== undefined && <span class="note">{NOT_READ}</span>}
      {asking && (
        <Asking
          onAsked={async ({ state }) => {
            setAsking(undefined)
            const isFresh = state === 'whole' || state === 'notWhole'
            setFresh(isFresh)
            tellAloud(isFresh ? FRESH : 'The organization is read again.')
            await Promise.all([refresh(), onRead()])
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  )
}

const FRESH = 'It was read within the last minute.'
const NOT_READ = 'The last reading did not come to its end: counts go by the one before.'

function progressOf({ state, pagesRead, pagesToRead }: InventoryReading): string {
  if (state === 'waiting') return 'A reading begins within a minute…'
  return pagesToRead === undefined
    ? 'Reading all of the organization…'
    : `Reading all of the organization: ${numberOf(pagesRead)} of ${numberOf(pagesToRead)} pages…`
}

function Asking({
  onAsked,
  onClose,
}: {
  readonly onAsked: (reading: InventoryReading) => Promise<void>
  readonly onClose: () => void
}) {
  const deed = useDeed()
  return (
    <Dialog title="Read who holds what again?" onClose={onClose}>
      <Form
        isBusy={deed.isBusy}
        onSubmit={async () => {
          const answer = await deed.run<InventoryReading>({ method: 'POST', path: 'v1/readings' })
          if (answer !== undefined) await onAsked(answer)
        }}
      >
        <p>
          All of the organization is read from Genesys, with two requests for each hundred people, at most 240
          a minute. It shows what was done in Genesys itself since the last reading; what the gateway changes
          is counted without it. Nothing is changed.
        </p>
        <p class="note">All people and tools together can have six readings in an hour.</p>
        {deed.problem !== undefined && <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>}
        <div class="dialog-foot">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" look="primary" isBusy={deed.isBusy}>
            Read it
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
