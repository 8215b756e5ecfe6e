/** The members of a model. What is within a member is drawn when it is opened: models may contain themselves. */
import { useState } from 'preact/hooks'
import { Table } from '../parts/table.tsx'
import { type ApiDocument, type ApiSchema, choicesOf, innerOf, resolved, typeTextOf } from './api-document.ts'
import { Phrase } from './written-text.tsx'

interface SchemaProps {
  readonly document: ApiDocument
  readonly schema: ApiSchema
  /** What it is of, for whoever hears the table. */
  readonly caption: string
}

export function SchemaTable({ document, schema, caption }: SchemaProps) {
  const known = innerOf(document, schema)
  if (known === undefined) {
    return (
      <p>
        {capital(typeTextOf(document, schema))}.{' '}
        <Phrase text={resolved(document, schema).description ?? ''} />
      </p>
    )
  }
  const choices = choicesOf(known)
  if (choices.length > 0) {
    return (
      <>
        {choices.map((choice, place) => (
          <Within
            key={typeTextOf(document, choice) + place}
            document={document}
            schema={choice}
            caption={caption}
          />
        ))}
      </>
    )
  }
  const members = Object.entries(known.properties ?? {})
  const inner = members.filter(([, each]) => innerOf(document, each) !== undefined)
  return (
    <>
      <Table
        caption={caption}
        rows={members}
        keyOf={([name]) => name}
        columns={[
          {
            name: 'Member',
            cell: ([name]) => (
              <>
                <code>{name}</code>
                {known.required?.includes(name) && <span class="note under">always there</span>}
              </>
            ),
          },
          { name: 'Type', cell: ([, each]) => typeTextOf(document, each) },
          {
            name: 'What it is',
            cell: ([, each]) => <Phrase text={resolved(document, each).description ?? ''} />,
          },
        ]}
      />
      {inner.map(([name, each]) => (
        <Within key={name} document={document} schema={each} caption={name} />
      ))}
    </>
  )
}

function Within({ document, schema, caption }: SchemaProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="within" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <code>{caption}</code>: {typeTextOf(document, schema)}
      </summary>
      {isOpen && <SchemaTable document={document} schema={schema} caption={caption} />}
    </details>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
