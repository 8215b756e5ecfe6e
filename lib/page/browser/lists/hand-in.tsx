/** A list is dropped, chosen or pasted, handed in to be planned, and mended where rows of it are bad. */
import { useState } from 'preact/hooks'
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { problemTextOf, RefusedCall } from '../api/problems.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { useDeed } from '../api/use-deed.ts'
import { saveFile } from '../api/use-download.ts'
import { useMe, zoneOf } from '../api/use-me.ts'
import { Button } from '../parts/button.tsx'
import { Choice, Field, LongField } from '../parts/field.tsx'
import { faultInTime } from '../parts/field-times.ts'
import { Form } from '../parts/form.tsx'
import { Callout } from '../parts/states.tsx'
import { numberOf } from '../parts/times.tsx'
import { TypedTimeField } from '../parts/typed-time-field.tsx'
import { isLost, setDraft, useDraft } from '../session/drafts.ts'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { goTo } from '../shell/use-route.ts'
import { BadLines } from './bad-lines.tsx'
import { countRowsIn, EXAMPLE, lineOf, textOfFile, withLine } from './csv-text.ts'
import { type BadLine, badLinesOf, pathFor, typed } from './list-fields.ts'

interface HandInProps {
  /** Rows that are known to be bad, of the text that is typed. */
  readonly bad?: readonly BadLine[]
}

/** Characters that a field takes without each key being waited for: of three million a key takes two seconds. */
const MAX_SHOWN = 200_000

/** By the id of its change: what was handed in, while rows of it may yet be found bad. */
export const sentName = (id: string) => `list of ${id}`

export function HandIn({ bad: known = [] }: HandInProps) {
  const [text = '', setText] = useDraft(typed.text)
  const [reason = '', setReason] = useDraft(typed.reason)
  const [until = '', setUntil] = useDraft(typed.until)
  const [conflict = '', setConflict] = useDraft(typed.conflict)
  const [fault, setFault] = useState<string | undefined>()
  const [untilFault, setUntilFault] = useState<string | undefined>()
  const zone = zoneOf(useMe())
  const [bad, setBad] = useState(known)
  const deed = useDeed()
  const refused = deed.problem instanceof RefusedCall ? deed.problem.faults : []
  const faultIn = (name: string) => refused.find(({ fieldName }) => fieldName === name)?.message

  function take(next: string): void {
    setText(next)
    setFault(undefined)
    setBad([])
    deed.reset()
  }

  async function takeFile(file: File | undefined): Promise<void> {
    if (file === undefined) return
    try {
      const next = textOfFile(new Uint8Array(await file.arrayBuffer()))
      take(next)
      tellAloud(`${file.name}: ${numberOf(countRowsIn(next))} rows`)
    } catch (error) {
      setFault(problemTextOf(error))
    }
  }

  async function handIn(): Promise<void> {
    if (text.trim() === '') {
      setFault('There is no list yet: drop, choose or paste one.')
      return
    }
    const late = until === '' ? undefined : faultInTime(until, zone, serverNowMs())
    setUntilFault(late)
    if (late !== undefined) return
    setFault(undefined)
    const path = pathFor({ reason, until, conflict }, zone)
    const change = await deed.run<Change>({ method: 'POST', path, csv: text })
    if (change === undefined) return
    for (const name of Object.values(typed)) setDraft(name, undefined)
    if (change.state === 'PLANNING') setDraft(sentName(change.id), text)
    tellAloud(change.summary)
    goTo(hashOf(['lists', change.id]))
  }

  const lines = deed.problem === undefined ? bad : badLinesOf(refused)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: whoever drops nothing chooses a file or pastes
    <div
      class="hand-in"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        const { files = [] } = event.dataTransfer ?? {}
        const dropped = event.dataTransfer?.getData('text/plain') ?? ''
        if (files[0]) void takeFile(files[0])
        else if (dropped !== '') take(dropped)
      }}
    >
      {isLost(typed.text) && text === '' && (
        <Callout tone="warning">
          Your list was too long to be kept while you signed in: choose its file again.
        </Callout>
      )}
      {deed.problem !== undefined && <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>}
      {lines.length > 0 && (
        <BadLines
          lines={lines}
          textAt={(line) => lineOf(text, line)}
          onMend={(line, value) => setText(withLine(text, line, value))}
          onAgain={handIn}
          isBusy={deed.isBusy}
        />
      )}
      <Form onSubmit={handIn} isBusy={deed.isBusy}>
        <div class="drop">
          <p>Drop a CSV file here, or</p>
          <label class="button">
            Choose a file
            <input
              type="file"
              class="unseen"
              accept=".csv,.tsv,.txt,text/csv,text/plain"
              onChange={({ currentTarget }) => {
                void takeFile(currentTarget.files?.[0])
                // The same file, mended, can be chosen again.
                currentTarget.value = ''
              }}
            />
          </label>
          <p>or paste its rows below.</p>
        </div>
        {text.length > MAX_SHOWN ? (
          <div class="long-list">
            <p>
              {numberOf(countRowsIn(text))} rows, which is more than can be shown here to type in. Rows that
              are bad are mended one by one; for the rest choose the file again.
            </p>
            <Button onClick={() => take('')}>Take it away</Button>
          </div>
        ) : (
          <LongField
            label="The list"
            hint={
              text === ''
                ? 'Its first line names user, license and action; each line below is one person and one license.'
                : `${numberOf(countRowsIn(text))} rows`
            }
            fault={fault}
            value={text}
            onInput={({ currentTarget: { value } }) => take(value)}
          />
        )}
        <Format />
        <Field
          label="Reason"
          hint="For the record, and for whoever approves it"
          value={reason}
          maxLength={500}
          fault={faultIn('reason')}
          onInput={({ currentTarget: { value } }) => setReason(value)}
        />
        <div class="filters">
          <TypedTimeField
            label="Until when"
            hint="Empty is for good; else all of it goes back then"
            value={until}
            fault={untilFault ?? faultIn('revertAt')}
            onType={setUntil}
          />
          <Choice
            label="If others changed a row meanwhile"
            value={conflict}
            options={[
              ['', 'Leave it, and go on'],
              ['abort', 'Leave it, and stop'],
            ]}
            onChange={({ currentTarget: { value } }) => setConflict(value)}
          />
        </div>
        <Button type="submit" look={lines.length > 0 ? 'plain' : 'primary'} isBusy={deed.isBusy}>
          Plan it
        </Button>
        <p class="note">Nothing is changed, and nobody is asked, before you have seen it and confirmed it.</p>
      </Form>
    </div>
  )
}

/** What a list looks like, with one to begin with. */
function Format() {
  return (
    <details>
      <summary>What a list looks like</summary>
      <pre>{EXAMPLE}</pre>
      <dl class="format">
        <dt>user</dt>
        <dd>An e-mail address, a name that nobody else has, or the id of a user in Genesys.</dd>
        <dt>license</dt>
        <dd>The id of a license, such as cloudCX3.</dd>
        <dt>action</dt>
        <dd>add or remove.</dd>
      </dl>
      <p class="note">
        In any order; other columns are left alone. Commas, semicolons or tabs; up to 50,000 rows or 4 MB. The
        results of a list can be handed in as a list again.
      </p>
      <Button onClick={() => saveFile(new Blob([EXAMPLE], { type: 'text/csv' }), 'list.csv')}>
        Download an example
      </Button>
    </details>
  )
}
