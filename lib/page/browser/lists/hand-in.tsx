/** A list is dropped, chosen or pasted, handed in to be planned, and mended where rows of it are bad. */
import { useMemo, useRef, useState } from 'preact/hooks'
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { problemTextOf, RefusedCall, reasonFaultIn, ToldError } from '../api/problems.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { useDeed } from '../api/use-deed.ts'
import { saveFile } from '../api/use-download.ts'
import { useMe, zoneOf } from '../api/use-me.ts'
import { Button } from '../parts/button.tsx'
import { Choice, Field, LongField } from '../parts/field.tsx'
import { faultInTime } from '../parts/field-times.ts'
import { Form } from '../parts/form.tsx'
import { countedText } from '../parts/found-aloud.ts'
import { Callout } from '../parts/states.tsx'
import { TypedTimeField } from '../parts/typed-time-field.tsx'
import { draftOf, isLost, setDraft, useDraft } from '../session/drafts.ts'
import { hashOf } from '../shell/route.ts'
import { tellAloud } from '../shell/tell-aloud.tsx'
import { goFromHere } from '../shell/use-route.ts'
import { BadLines } from './bad-lines.tsx'
import { countRowsIn, EXAMPLE, lineOf, readFileText, withLine } from './csv-text.ts'
import { type BadLine, badLinesOf, faultInList, pathFor, typedNamesOf } from './list-fields.ts'

interface HandInProps {
  /** Of the change that it was handed in as, whose rows are mended; a new list where it is undefined. */
  readonly id?: string
  /** Rows of that one which are known to be bad. */
  readonly bad?: readonly BadLine[]
}

/** Characters that a field takes without each key being waited for: of three million a key takes two seconds. */
const MAX_SHOWN = 200_000

export function HandIn({ id, bad = [] }: HandInProps) {
  const names = typedNamesOf(id)
  const [text = '', setText] = useDraft(names.text)
  const [reason = '', setReason] = useDraft(names.reason)
  const [until = '', setUntil] = useDraft(names.until)
  const [conflict = '', setConflict] = useDraft(names.conflict)
  const [fault, setFault] = useState<string | undefined>()
  const [fileFault, setFileFault] = useState<string | undefined>()
  // Rows that are known to be bad stay until it is another list, or others are told.
  const newest = useRef<readonly BadLine[] | undefined>(undefined)
  const newestFile = useRef<File | undefined>(undefined)
  const reading = useRef<Promise<boolean> | undefined>(undefined)
  const rows = useMemo(() => countedText(countRowsIn(text), ['row', 'rows']), [text])
  const [untilFault, setUntilFault] = useState<string | undefined>()
  const zone = zoneOf(useMe())
  const deed = useDeed()
  const refused = deed.problem instanceof RefusedCall ? deed.problem.faults : []
  const told = badLinesOf(refused)
  const unreasoned = reasonFaultIn(deed.problem)
  const isForReasonAlone = unreasoned !== undefined && refused.length === 1
  // The rows are read before the reason is asked for.
  if (told.length > 0 || isForReasonAlone) newest.current = told
  const lines = newest.current ?? bad
  const faultIn = (name: string) => refused.find(({ fieldName }) => fieldName === name)?.message

  function take(next: string): void {
    newestFile.current = undefined
    setText(next)
    setFault(undefined)
    setFileFault(undefined)
    newest.current = []
    deed.reset()
  }

  function clear(): void {
    take('')
    for (const set of [setText, setReason, setUntil, setConflict]) set(undefined)
    setUntilFault(undefined)
    tellAloud('What was typed here is gone.')
  }

  /** @returns whether what stands there is the newest that is wanted. */
  async function takeFiles(files: FileList): Promise<boolean> {
    const [file] = files
    if (file === undefined) return true
    newestFile.current = file
    try {
      if (files.length > 1) throw new ToldError('A list is one file: take one after the other.')
      const next = await readFileText(file)
      // One that was chosen later, or typed meanwhile, is the one that is wanted.
      if (newestFile.current !== file) return true
      take(next)
      tellAloud(`${file.name}: ${countedText(countRowsIn(next), ['row', 'rows'])}`)
      return true
    } catch (error) {
      if (newestFile.current !== file) return true
      setFileFault(`${file.name} is not taken. ${problemTextOf(error)}`)
      return false
    }
  }

  function read(files: FileList): void {
    const taken = takeFiles(files).finally(() => {
      if (reading.current === taken) reading.current = undefined
    })
    reading.current = taken
  }

  async function handIn(): Promise<void> {
    // A file that is being read is the list that is meant, and not the one from before.
    if (reading.current && !(await reading.current)) return
    const text = draftOf(names.text) ?? ''
    const faulty = faultInList(text)
    setFault(faulty)
    if (faulty !== undefined) return
    const late = until === '' ? undefined : faultInTime(until, zone, serverNowMs())
    setUntilFault(late)
    if (late !== undefined) return
    const sent = { text, reason, until, conflict }
    const goOn = goFromHere()
    const path = pathFor({ reason, until, conflict }, zone)
    const change = await deed.run<Change>({ method: 'POST', path, csv: text })
    if (change === undefined) return
    // What was typed while it was under way is another list, or another reason: all of it stays.
    const isAsSent = fieldNames.every((each) => (draftOf(names[each]) ?? '') === sent[each])
    const sentNames = typedNamesOf(change.id)
    for (const each of fieldNames) {
      if (isAsSent) setDraft(names[each], undefined)
      if (change.state === 'PLANNING') setDraft(sentNames[each], sent[each])
    }
    tellAloud(change.summary)
    goOn(hashOf(['lists', change.id]))
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: whoever drops nothing chooses a file or pastes
    <div
      class="hand-in"
      onDragOver={(event) => {
        if (isListDropped(event)) event.preventDefault()
      }}
      onDrop={(event) => {
        if (!isListDropped(event) || event.dataTransfer === null) return
        event.preventDefault()
        const { files } = event.dataTransfer
        const dropped = event.dataTransfer.getData('text/plain')
        if (files.length > 0) read(files)
        else if (dropped !== '') take(dropped)
      }}
    >
      {isLost(names.text) && text === '' && (
        <Callout tone="warning">
          Your list was too long to be kept while you signed in: choose its file again.
        </Callout>
      )}
      {deed.problem !== undefined && !isForReasonAlone && (
        <Callout tone="bad">{problemTextOf(deed.problem)}</Callout>
      )}
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
                if (currentTarget.files) read(currentTarget.files)
                // The same file, mended, can be chosen again.
                currentTarget.value = ''
              }}
            />
          </label>
          <p>or paste its rows below.</p>
        </div>
        {fileFault !== undefined && (
          <Callout tone="bad">
            {fileFault}
            {text !== '' && ' The list from before still stands below.'}
          </Callout>
        )}
        {text.length > MAX_SHOWN ? (
          <div class="long-list">
            <p>
              {rows}, which is more than can be shown here to type in. Rows that are bad are mended one by
              one; for the rest choose the file again.
            </p>
            {fault !== undefined && <Callout tone="bad">{fault}</Callout>}
            <Button onClick={() => take('')}>Take it away</Button>
          </div>
        ) : (
          <LongField
            label="The list"
            isRequired
            hint={
              text === ''
                ? 'Its first line names user, license and action; each line below is one person and one license.'
                : rows
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
          fault={unreasoned}
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
        <div class="decisions">
          <Button type="submit" look={lines.length > 0 ? 'plain' : 'primary'} isBusy={deed.isBusy}>
            Plan it
          </Button>
          {id === undefined && [text, reason, until, conflict].some((typed) => typed !== '') && (
            <Button look="quiet" isBusy={deed.isBusy} onClick={clear}>
              Clear
            </Button>
          )}
        </div>
        <p class="note">Nothing is changed, and nobody is asked, before you have seen it and confirmed it.</p>
      </Form>
    </div>
  )
}

const fieldNames = ['text', 'reason', 'until', 'conflict'] as const

/** A file, wherever it is let go; text only at the place for it: elsewhere it goes into the field, as everywhere. */
function isListDropped({ dataTransfer, target }: DragEvent): boolean {
  return (
    dataTransfer?.types.includes('Files') === true ||
    (target instanceof Element && target.closest('.drop') !== null)
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
