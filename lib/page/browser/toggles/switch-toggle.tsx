/** The second look at a switch: how it is, how it is to be, what to expect, and why. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { onOff, wordsOfState } from '../../../changes/answers/summarize.ts'
import type { ToggleListing } from '../../../changes/answers/write-schemas.ts'
import { problemTextOf, reasonFaultIn } from '../api/problems.ts'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Callout } from '../parts/states.tsx'
import { useDraft } from '../session/drafts.ts'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { goFromHere } from '../shell/use-route.ts'

interface SwitchToggleProps {
  readonly featureName: string
  /** How it reads now. */
  readonly enabled: boolean | undefined
  /** How it is to be. */
  readonly wanted: boolean
  readonly switching: ToggleListing['switching']
  readonly onClose: () => void
}

export function SwitchToggle({ featureName, enabled, wanted, switching, onClose }: SwitchToggleProps) {
  const [reason = '', setReason] = useDraft(`toggle ${featureName} ${onOff(wanted)}`)
  const deed = useDeed()
  const unreasoned = reasonFaultIn(deed.problem)

  function close(): void {
    setReason(undefined)
    onClose()
  }

  async function confirm(): Promise<void> {
    const goOn = goFromHere()
    const change = await deed.run<Change>({
      method: 'PUT',
      path: `v1/toggles/${encodeURIComponent(featureName)}`,
      body: { enabled: wanted, ...(reason.trim() !== '' && { reason: reason.trim() }) },
    })
    if (change === undefined) return
    close()
    tellAloud(`${change.summary}: ${wordsOfState(change.state).standing}`)
    goOn(hashOf(['changes', change.id]))
  }

  return (
    <Dialog title={`Switch ${featureName} ${onOff(wanted)}?`} onClose={close}>
      <Form onSubmit={confirm} isBusy={deed.isBusy}>
        <p>
          It reads <strong>{onOff(enabled)}</strong> now, and is to be <strong>{onOff(wanted)}</strong> for
          the whole org.
        </p>
        {switching !== 'honoured' && (
          <Callout tone="warning">
            {switching === 'ignored'
              ? 'Genesys switches nothing today: the request will go on record as without effect.'
              : 'Genesys documents that it switches nothing any more: most likely this has no effect, which the record will say.'}
          </Callout>
        )}
        <Field
          label="Reason"
          hint="For the record, and for whoever approves it"
          value={reason}
          maxLength={500}
          fault={unreasoned}
          onInput={({ currentTarget: { value } }) => setReason(value)}
        />
        <p class="note">Where a rule wants a second person, they are asked first.</p>
        {deed.problem !== undefined && unreasoned === undefined && (
          <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>
        )}
        <div class="dialog-foot">
          <Button onClick={close}>Not now</Button>
          <Button type="submit" look="primary" isBusy={deed.isBusy}>
            Switch it {onOff(wanted)}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
