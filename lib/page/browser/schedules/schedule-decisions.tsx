/** The buttons of a schedule, and the second look that each of them takes. */
import type { Schedule } from '../../../changes/answers/schedule-schemas.ts'
import { requesterOf } from '../../../changes/answers/summarize.ts'
import { orderTextOf, wordsOfSchedule } from '../../../changes/answers/words/schedule-words.ts'
import { takenOverAmong } from '../../../changes/answers/words/seat-verdict.ts'
import { problemTextOf } from '../api/problems.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { useDeed } from '../api/use-deed.ts'
import { OverSeats } from '../changes/plan-findings.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Callout } from '../parts/states.tsx'
import { useDraft, useOpen } from '../session/drafts.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { WhenText } from './schedule-texts.tsx'

const acts = {
  approve: {
    label: 'Approve',
    look: 'primary',
    title: 'Approve this schedule?',
    sentence: 'Each time it fires, its change goes ahead without another approval.',
    told: 'The schedule is approved.',
  },
  reject: {
    label: 'Reject',
    look: 'danger',
    title: 'Reject this schedule?',
    sentence: 'It never fires. Whoever made it sees why.',
    told: 'The schedule is rejected.',
  },
  delete: {
    label: 'Delete',
    look: 'danger',
    title: 'Delete this schedule?',
    sentence: 'Nothing more comes of it. It stays on record, and what it has done already stays as it is.',
    told: 'The schedule is deleted.',
  },
} as const

const actNames = ['approve', 'reject', 'delete'] as const satisfies readonly (keyof typeof acts)[]

/** By whom it was decided, where somebody else was quicker. */
function decidedTextOf({ approval }: Schedule): string {
  if (approval?.by === undefined) return ''
  return `${requesterOf(approval.by)} has ${approval.isApproved === false ? 'rejected' : 'approved'} it. `
}

interface DecisionsProps {
  readonly schedule: Schedule
  readonly called: (userId: string) => string | undefined
  readonly onDecided: () => Promise<void>
}

export function ScheduleDecisions({ schedule, called, onDecided }: DecisionsProps) {
  const offered = actNames.filter((name) => schedule.offers?.includes(name))
  const [opened, setOpen] = useOpen(`schedule ${schedule.id}`)
  const open = actNames.find((name) => name === opened)
  const [reason, setReason] = useDraft(`reject ${schedule.id}`)
  const deed = useDeed()
  const isOffered = open !== undefined && offered.includes(open)

  async function decide(name: keyof typeof acts): Promise<void> {
    const path = `v1/schedules/${schedule.id}`
    const answer = await deed.run(
      name === 'delete'
        ? { method: 'DELETE', path }
        : {
            method: 'POST',
            path: `${path}/${name}`,
            body:
              name === 'approve'
                ? { digest: schedule.digest }
                : reason?.trim()
                  ? { reason: reason.trim() }
                  : {},
          },
      onDecided,
    )
    if (answer === undefined) return
    tellAloud(acts[name].told)
    close()
  }

  function close(): void {
    deed.reset()
    setReason(undefined)
    setOpen(undefined)
  }

  return (
    <>
      {offered.length > 0 && (
        <fieldset class="decisions">
          <legend class="unseen">What you may do</legend>
          {offered.map((name) => (
            <Button key={name} look={acts[name].look} onClick={() => setOpen(name)}>
              {acts[name].label}
            </Button>
          ))}
        </fieldset>
      )}
      {open && (
        <Dialog title={acts[open].title} onClose={close}>
          <Form onSubmit={() => decide(open)} isBusy={deed.isBusy || !isOffered}>
            <p class="about">
              {orderTextOf(schedule.change, called)}, <WhenText schedule={schedule} />
            </p>
            {isOffered ? (
              <>
                <p>{acts[open].sentence}</p>
                {open === 'approve' && <OverSeats over={takenOverAmong(schedule.seats ?? [])} />}
              </>
            ) : (
              <Callout tone="warning" isSudden>
                {decidedTextOf(schedule)}It is at “{wordsOfSchedule(schedule, serverNowMs()).name}” by now, so
                this is not possible any more.
              </Callout>
            )}
            {open === 'reject' && (
              <Field
                label="Why it is rejected"
                value={reason ?? ''}
                maxLength={500}
                onInput={({ currentTarget: { value } }) => setReason(value)}
              />
            )}
            {deed.problem !== undefined && isOffered && (
              <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>
            )}
            <div class="dialog-foot">
              <Button onClick={close}>{isOffered ? 'Not now' : 'Close'}</Button>
              {isOffered && (
                <Button type="submit" look={acts[open].look} isBusy={deed.isBusy}>
                  {acts[open].label}
                </Button>
              )}
            </div>
          </Form>
        </Dialog>
      )}
    </>
  )
}
