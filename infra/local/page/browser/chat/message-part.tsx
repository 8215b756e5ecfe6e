/** What a message is made of. Whatever it says is text: nothing here parses markup. */
import type { SeenPart, Span } from '../../../chat/seen.ts'
import { Marked } from './marks.tsx'

export function MessagePart({ part }: { readonly part: SeenPart }) {
  switch (part.kind) {
    case 'heading':
      return (
        <h2>
          <Marked text={part.text} />
        </h2>
      )
    case 'text':
      return (
        <p class="text">
          <Spans spans={part.spans} isBeginning />
        </p>
      )
    case 'note':
      return (
        <p class="note">
          <Linked text={part.text} />
        </p>
      )
    case 'code':
      return (
        <pre>
          <code>{part.text}</code>
        </pre>
      )
    case 'fields':
      return (
        <dl class="fields">
          {part.fields.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Spans spans={value} />
              </dd>
            </div>
          ))}
        </dl>
      )
  }
}

/** @param isBeginning whether they may begin with a sign. */
function Spans({
  spans,
  isBeginning = false,
}: {
  readonly spans: readonly Span[]
  readonly isBeginning?: boolean
}) {
  return (
    <>
      {spans.map(({ text, style }, place) => {
        if (style === 'bold') return <strong key={place}>{text}</strong>
        if (style === 'code') return <code key={place}>{text}</code>
        if (style === 'subtle') return <small key={place}>{text}</small>
        return isBeginning && place === 0 ? (
          <Marked key={place} text={text} />
        ) : (
          <Linked key={place} text={text} />
        )
      })}
    </>
  )
}

/** Where the page itself is what a text leads to, one can go there; it leads nowhere else. */
function Linked({ text }: { readonly text: string }) {
  const [before = '', label = '', hash = '', after = ''] = textAround(text)
  if (hash === '') return <>{text}</>
  return (
    <>
      {before}
      <a href={hash}>{label}</a>
      {after}
    </>
  )
}

/** A label and the address of a place on this page, as both platforms' links are told where nothing can be pressed. */
function textAround(text: string): readonly string[] {
  const found = /([^\n:]+): (https?:\/\/[^\s#]+)(#\/\S*)/.exec(text)
  const [whole = '', label = '', address = '', hash = ''] = found ?? []
  if (found === null || address !== `${location.origin}/`) return []
  return [text.slice(0, found.index), label, hash, text.slice(found.index + whole.length)]
}
