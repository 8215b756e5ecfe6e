/** One operation: what it does, who may, what it takes and what it answers. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Facts, type NamedValue } from '../parts/facts.tsx'
import { Callout } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import {
  type ApiAnswer,
  type ApiDocument,
  type ApiOperation,
  answersOf,
  resolved,
  typeTextOf,
} from './api-document.ts'
import { CodeBlock } from './code-block.tsx'
import { curlLineOf } from './curl-line.ts'
import { exampleOf } from './example-of.ts'
import { SchemaTable } from './schema-table.tsx'
import { Phrase, WrittenText } from './written-text.tsx'

interface OperationProps {
  readonly document: ApiDocument
  readonly operation: ApiOperation
}

export function OperationPage({ document, operation }: OperationProps) {
  const { method, path, summary, description = '', deprecated } = operation
  const answers = answersOf(document, operation)
  const errors = answers.filter(([status]) => Number(status) >= 400)
  return (
    <article class="operation">
      <a class="back" href={hashOf(['api'])}>
        All operations
      </a>
      <Heading text={summary} />
      <p class="call">
        <strong>{method}</strong> <code>{path}</code>
      </p>
      {deprecated && (
        <Callout tone="warning">
          Genesys has given up its own operation; this one goes on as it says below.
        </Callout>
      )}
      <WrittenText text={description} />
      <FactsOfOperation operation={operation} />
      <section>
        <h2>In a shell</h2>
        <CodeBlock
          label="A curl line"
          text={curlLineOf(location.origin + location.pathname, operation)}
          isCopied
        />
        <p class="note">Set TOKEN to an access token of yours: this page shows none.</p>
      </section>
      <Parameters document={document} operation={operation} />
      <Body document={document} operation={operation} />
      <Answers document={document} answers={answers.filter(([status]) => Number(status) < 400)} />
      <section>
        <h2>Errors</h2>
        <Table
          caption="Errors"
          rows={errors}
          keyOf={([status]) => status}
          columns={[
            { name: 'Status', cell: ([status]) => status },
            { name: 'When', cell: ([, answer]) => <Phrase text={answer.description ?? ''} /> },
          ]}
        />
        <ErrorBody document={document} errors={errors} />
      </section>
    </article>
  )
}

function FactsOfOperation({ operation }: { readonly operation: ApiOperation }) {
  const { operationId, 'x-role': role, 'x-genesys-permissions': permissions } = operation
  const wanted = [
    ...(permissions?.all ?? []),
    ...(permissions && permissions.any.length > 0 ? [permissions.any.join(' or ')] : []),
  ].join(', ')
  const rows: readonly NamedValue[] = [
    ['Needs the role', role && `${role}, or one above it`],
    ['Gateway at Genesys', wanted && `needs ${wanted}`],
    ['At Genesys', operation['x-genesys-preview'] && 'a preview, which may change'],
    ['Operation id', <code key="id">{operationId}</code>],
  ]
  return <Facts rows={rows} />
}

function Parameters({ document, operation: { parameters = [] } }: OperationProps) {
  if (parameters.length === 0) return null
  return (
    <section>
      <h2>Parameters</h2>
      <Table
        caption="Parameters"
        rows={parameters}
        keyOf={({ name }) => name}
        columns={[
          {
            name: 'Name',
            cell: ({ name, required, in: place }) => (
              <>
                <code>{name}</code>
                <span class="note under">
                  in the {place}
                  {required && ', needed'}
                </span>
              </>
            ),
          },
          {
            name: 'Type',
            cell: ({ schema = {} }) => (
              <>
                {typeTextOf(document, schema)}
                {resolved(document, schema).default !== undefined && (
                  <span class="note under">{String(resolved(document, schema).default)} if left out</span>
                )}
              </>
            ),
          },
          {
            name: 'What it is',
            cell: ({ description, schema = {} }) => (
              <Phrase text={description ?? resolved(document, schema).description ?? ''} />
            ),
          },
        ]}
      />
    </section>
  )
}

function Body({ document, operation: { requestBody } }: OperationProps) {
  if (requestBody === undefined) return null
  return (
    <section>
      <h2>Body</h2>
      {!requestBody.required && <p class="note">May be left out.</p>}
      {Object.entries(requestBody.content).map(([type, { schema, example }]) => (
        <div key={type}>
          <h3>{type}</h3>
          {example !== undefined && (
            <CodeBlock
              label={`An example, ${type}`}
              text={typeof example === 'string' ? example : JSON.stringify(example, null, 2)}
              isCopied
            />
          )}
          {schema && <SchemaTable document={document} schema={schema} caption={`Body, ${type}`} />}
        </div>
      ))}
    </section>
  )
}

type ByStatus = readonly (readonly [status: string, answer: ApiAnswer])[]

interface AnswersProps {
  readonly document: ApiDocument
  readonly answers: ByStatus
}

/** What is answered is of one model, whatever the status says of how it came about. */
function Answers({ document, answers }: AnswersProps) {
  const contents = Object.entries(
    Object.assign({}, ...answers.map(([, { content = {} }]) => content)) as NonNullable<ApiAnswer['content']>,
  )
  return (
    <section>
      <h2>Answer</h2>
      {answers.map(([status, { description = '' }]) => (
        <p key={status}>
          <strong>{status}</strong>: <Phrase text={description} />
        </p>
      ))}
      {contents.map(([type, { schema }]) =>
        schema === undefined ? null : type === 'application/json' ? (
          <div key={type}>
            <SchemaTable document={document} schema={schema} caption="Answer" />
            <Later label="How it may look, by its schema">
              {() => (
                <CodeBlock
                  label="Answer, as it may look"
                  text={JSON.stringify(exampleOf(document, schema), null, 2)}
                />
              )}
            </Later>
          </div>
        ) : (
          <Later key={type} label={`As ${type}`}>
            {() => <SchemaTable document={document} schema={schema} caption={`Answer, ${type}`} />}
          </Later>
        ),
      )}
    </section>
  )
}

function ErrorBody({ document, errors }: { readonly document: ApiDocument; readonly errors: ByStatus }) {
  const media = errors[0]?.[1].content?.['application/json']
  if (!media?.schema) return null
  const { schema, example } = media
  return (
    <Later label="How an error looks">
      {() => (
        <>
          <CodeBlock label="An error" text={JSON.stringify(example, null, 2)} />
          <SchemaTable document={document} schema={schema} caption="An error" />
        </>
      )}
    </Later>
  )
}

/** Drawn when it is opened. */
function Later({ label, children }: { readonly label: string; readonly children: () => ComponentChildren }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="within" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{label}</summary>
      {isOpen && children()}
    </details>
  )
}
