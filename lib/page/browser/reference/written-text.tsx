/** The document's words: paragraphs, with `code` and **weight** in them. */
export function WrittenText({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/\n\n+/).map((paragraph) => (
        <p key={paragraph}>
          <Phrase text={paragraph} />
        </p>
      ))}
    </>
  )
}

/** The same within a line. */
export function Phrase({ text }: { readonly text: string }) {
  return (
    <>
      {text
        .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
        .map((part) =>
          part.startsWith('`') ? (
            <code key={part}>{part.slice(1, -1)}</code>
          ) : part.startsWith('**') ? (
            <strong key={part}>{part.slice(2, -2)}</strong>
          ) : (
            part
          ),
        )}
    </>
  )
}
