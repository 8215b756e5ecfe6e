import { useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { tellAloud } from '../shell/tell-aloud.tsx'

interface CodeBlockProps {
  /** What it is, for whoever hears it. */
  readonly label: string
  readonly text: string
  readonly isCopied?: boolean
}

/** Lines as they stand; what is wider than the screen scrolls within. */
export function CodeBlock({ label, text, isCopied = false }: CodeBlockProps) {
  const [said, setSaid] = useState('')

  async function copy(): Promise<void> {
    const isDone = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
    setSaid(isDone ? 'Copied.' : 'The browser does not let it be copied: mark it and copy it yourself.')
    tellAloud(isDone ? 'Copied.' : 'It was not copied.')
  }

  return (
    <div class="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section aria-label={label} tabIndex={0}>
        <pre>{text}</pre>
      </section>
      {isCopied && (
        <p>
          <Button aria-label={`Copy: ${label}`} onClick={() => void copy()}>
            Copy
          </Button>{' '}
          <span class="note">{said}</span>
        </p>
      )}
    </div>
  )
}
