/** The box where a line is typed: Enter sends it, the arrows bring back earlier ones. */
import type { TargetedEvent } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Button } from '../../../../../lib/page/browser/parts/button.tsx'
import { Problem } from '../../../../../lib/page/browser/parts/states.tsx'
import { draftOf, useDraft } from '../../../../../lib/page/browser/session/drafts.ts'
import { usePage } from '../../../../../lib/page/browser/shell/page-context.ts'
import type { SeenMessage } from '../../../chat/seen.ts'
import { LINES_TO_TRY } from './lines-to-try.ts'

/** What was sent from this page, the last one last: whoever comes back to the tab finds it by the up arrow. */
const sent: string[] = []

const DRAFT = 'chat line'

interface ComposerProps {
  readonly as: string
  readonly platform: SeenMessage['platform']
}

export function Composer({ as, platform }: ComposerProps) {
  const { api } = usePage()
  const box = useRef<HTMLInputElement>(null)
  const [line = '', setLine] = useDraft(DRAFT)
  const [problem, setProblem] = useState<unknown>()
  /** How many lines back the box shows; 0 is what is being typed. */
  const back = useRef(0)
  const typed = useRef('')

  function fill(text: string): void {
    setLine(text)
    const { current } = box
    if (current === null) return
    // The place in it is that of this text, and not of what is there until it is drawn.
    current.value = text
    current.focus()
    current.setSelectionRange(text.length, text.length)
  }

  function recall(step: number): void {
    const next = Math.max(0, Math.min(sent.length, back.current + step))
    if (next === back.current) return
    if (back.current === 0) typed.current = line
    back.current = next
    fill(next === 0 ? typed.current : (sent.at(-next) ?? ''))
  }

  async function send(): Promise<void> {
    const said = line.trim()
    if (said === '') return
    if (sent.at(-1) !== said) sent.push(said)
    back.current = 0
    setLine(undefined)
    setProblem(undefined)
    try {
      await api.call({ method: 'POST', path: '/__chat/say', body: { platform, as, line: said } })
    } catch (error) {
      setProblem(error)
      if (draftOf(DRAFT) === undefined) setLine(said)
    }
  }

  function move(event: TargetedEvent<HTMLInputElement, KeyboardEvent>): void {
    if (event.isComposing || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    recall(event.key === 'ArrowUp' ? 1 : -1)
  }

  return (
    <form
      class="composer"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <Problem problem={problem} />
      <div class="line-box">
        <label class="unseen" for="line">
          What you type
        </label>
        <input
          ref={box}
          id="line"
          type="text"
          maxLength={20_000}
          // Teams has no commands: the webhook is mentioned.
          placeholder={platform === 'teams' ? '@license help' : '/license help'}
          autoCapitalize="off"
          spellcheck={false}
          enterkeyhint="send"
          aria-describedby="line-keys"
          value={line}
          onInput={({ currentTarget }) => setLine(currentTarget.value)}
          onKeyDown={move}
        />
        <Button type="submit" look="primary">
          Send
        </Button>
      </div>
      <p id="line-keys" class="note">
        Enter sends. The up arrow brings back earlier lines.
      </p>
      <fieldset class="lines">
        <legend class="unseen">Lines to try</legend>
        {LINES_TO_TRY.map((each) => (
          <Button
            key={each.label}
            title={each.line}
            onClick={() => {
              back.current = 0
              fill(each.line)
            }}
          >
            {each.label}
          </Button>
        ))}
      </fieldset>
    </form>
  )
}
