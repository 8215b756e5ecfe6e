/** A schedule is made: what it does, when and why, looked at once more, and asked for. */
import { useEffect, useState } from 'preact/hooks'
import type { Schedule } from '../../../changes/answers/schedule-schemas.ts'
import { usersInOrder, wordsOfSchedule } from '../../../changes/answers/words/schedule-words.ts'
import { problemTextOf, reasonFaultIn } from '../api/problems.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useDeed } from '../api/use-deed.ts'
import { mayCall, useMe, zoneOf } from '../api/use-me.ts'
import { useNames } from '../api/use-names.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Choice, Field } from '../parts/field.tsx'
import { Form, goToFault } from '../parts/form.tsx'
import { Callout, Loading, Problem } from '../parts/states.tsx'
import { useDraft, useOpen } from '../session/drafts.ts'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { goFromHere, goTo } from '../shell/use-route.ts'
import { FiringTimes, OrderText, WhenText } from './schedule-texts.tsx'
import {
  faultsOfSchedule,
  orderFor,
  type WantedFields,
  type WantedSchedule,
  wantedAgain,
  wantedIn,
} from './wanted-schedule.ts'
import { WhatFields } from './what-fields.tsx'
import { WhenFields } from './when-fields.tsx'

/** @param like the id of one that is to be made again. */
export function NewSchedule({ like }: { readonly like: string | undefined }) {
  if (mayCall(useMe(), 'createSchedule'))
    return like === undefined ? <Making draftName="schedule" /> : <MakingAgain id={like} />
  return (
    <>
      <a class="back" href={hashOf(['schedules'])}>
        All schedules
      </a>
      <Heading text="New schedule" />
      <Callout>To make a schedule takes the role operator, which you do not have.</Callout>
    </>
  )
}

/** Its fields are filled in as that one was. */
function MakingAgain({ id }: { readonly id: string }) {
  const { value, problem, refresh } = useAnswer<Schedule>(`v1/schedules/${encodeURIComponent(id)}`)
  const names = useNames(value ? usersInOrder(value.change) : [])
  if (value === undefined || names === undefined) {
    return (
      <>
        <Heading text="New schedule" />
        {problem === undefined ? <Loading /> : <Problem problem={problem} onRetry={() => void refresh()} />}
      </>
    )
  }
  const nameOf = (userId: string) => names.get(userId)?.name ?? names.get(userId)?.email ?? userId
  return <Making draftName={`schedule like ${id}`} before={wantedAgain(value, nameOf)} />
}

interface MakingProps {
  /** Of what is chosen and typed. */
  readonly draftName: string
  /** As it is before anything is typed. Default: all of it is empty. */
  readonly before?: WantedSchedule | undefined
}

function Making({ draftName, before }: MakingProps) {
  const zone = zoneOf(useMe())
  const [draft, setDraft] = useDraft(draftName)
  const wanted: WantedSchedule = {
    ...(before ?? wantedIn(zone)),
    ...(draft === undefined ? {} : (JSON.parse(draft) as Partial<WantedSchedule>)),
  }
  const [isChecked, setChecked] = useState(false)
  const [isFinding, setFinding] = useState(false)
  const [looked, setLooked] = useOpen('new schedule')
  const [unreasoned, setUnreasoned] = useState<string | undefined>()
  // Once the second look has closed, and given focus back.
  useEffect(() => {
    if (unreasoned !== undefined) goToFault(document.querySelector('.new-schedule'))
  }, [unreasoned])
  // What is wrong is told once somebody says that they are done, and goes as it is mended.
  const faults = isChecked ? faultsOfSchedule(wanted, serverNowMs()) : {}
  const fields: WantedFields = {
    wanted,
    faults,
    isFinding,
    setFinding,
    change: (some) => setDraft(JSON.stringify({ ...wanted, ...some })),
  }
  return (
    <>
      <a class="back" href={hashOf(['schedules'])}>
        All schedules
      </a>
      <Heading text="New schedule" />
      <Form
        class="new-schedule"
        onSubmit={() => {
          setChecked(true)
          setFinding(false)
          setUnreasoned(undefined)
          if (Object.keys(faultsOfSchedule(wanted, serverNowMs())).length === 0) setLooked('yes')
        }}
      >
        <WhatFields {...fields} />
        <WhenFields {...fields} />
        <section>
          <h2>And after</h2>
          <div class="filters">
            <Field
              label="Goes back after"
              hint="Empty: what it did stays"
              inputMode="numeric"
              value={wanted.backCount}
              fault={faults.backCount}
              onInput={({ currentTarget: { value } }) => fields.change({ backCount: value })}
            />
            <Choice
              label="Hours or days"
              value={wanted.backUnit}
              options={[
                ['hour', 'hours'],
                ['day', 'days'],
              ]}
              onChange={({ currentTarget: { value } }) =>
                fields.change({ backUnit: value === 'day' ? 'day' : 'hour' })
              }
            />
          </div>
          <Field
            label="Reason"
            hint="For the record, and for whoever approves it"
            value={wanted.reason}
            maxLength={500}
            fault={wanted.reason.trim() === '' ? unreasoned : undefined}
            onInput={({ currentTarget: { value } }) => fields.change({ reason: value })}
          />
        </section>
        <div class="decisions">
          <Button type="submit" look="primary">
            Look at it
          </Button>
          <Button
            onClick={() => {
              setDraft(undefined)
              goTo(hashOf(['schedules']))
            }}
          >
            Not now
          </Button>
        </div>
      </Form>
      {looked && (
        <SecondLook
          wanted={wanted}
          onMade={() => setDraft(undefined)}
          onUnreasoned={(sentence) => {
            setLooked(undefined)
            setUnreasoned(sentence)
          }}
          onClose={() => setLooked(undefined)}
        />
      )}
    </>
  )
}

interface SecondLookProps {
  readonly wanted: WantedSchedule
  readonly onMade: () => void
  /** It is refused for want of a reason, whose field is behind. */
  readonly onUnreasoned: (sentence: string) => void
  readonly onClose: () => void
}

function SecondLook({ wanted, onMade, onUnreasoned, onClose }: SecondLookProps) {
  const deed = useDeed()
  const unreasoned = reasonFaultIn(deed.problem, 'change.reason')
  useEffect(() => {
    if (unreasoned !== undefined) onUnreasoned(unreasoned)
  }, [unreasoned])
  const [order] = useState(() => orderFor(wanted))
  const schedule = {
    ...order,
    timeZone: wanted.timeZone,
    createdAt: new Date().toISOString(),
    state: 'ACTIVE',
  } as const
  const names = new Map(wanted.people.map(({ id, name }) => [id, name]))

  async function make(): Promise<void> {
    const goOn = goFromHere()
    const made = await deed.run<Schedule>({ method: 'POST', path: 'v1/schedules', body: order })
    if (made === undefined) return
    onMade()
    tellAloud(`The schedule is made. ${wordsOfSchedule(made, serverNowMs()).name}.`)
    goOn(hashOf(['schedules', made.id]), { isReplaced: true })
  }

  return (
    <Dialog title="Make this schedule?" onClose={onClose}>
      <Form onSubmit={make} isBusy={deed.isBusy}>
        <p class="about">
          <OrderText order={order.change} names={names} />, <WhenText schedule={schedule} />
        </p>
        {wanted.people.length > 1 && <p>{wanted.people.map(({ name }) => name).join(', ')}</p>}
        {order.change.reason && <p>Reason: {order.change.reason}</p>}
        <FiringTimes schedule={schedule} />
        <p class="note">
          Each time it is a change of its own, planned and recorded like any other. Where a rule wants a
          second person, they approve the schedule once, and until then it does nothing.
        </p>
        {deed.problem !== undefined && <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>}
        <div class="dialog-foot">
          <Button onClick={onClose}>Back to it</Button>
          <Button type="submit" look="primary" isBusy={deed.isBusy}>
            Make it
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
