import { Fragment } from 'preact'
import { Field } from '../parts/field.tsx'
import { useFoundAloud } from '../parts/found-aloud.ts'
import { Empty } from '../parts/states.tsx'
import { numberOf } from '../parts/times.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf } from '../shell/route.ts'
import { setFilters } from '../shell/use-route.ts'
import { type ApiDocument, isFound, operationsIn } from './api-document.ts'

interface OperationListProps {
  readonly document: ApiDocument
  readonly query: URLSearchParams
}

export function OperationList({ document, query }: OperationListProps) {
  const typed = query.get('q')?.trim() ?? ''
  const found = operationsIn(document).filter((each) => typed === '' || isFound(each, typed))
  useFoundAloud(typed, found.length, ['operation', 'operations'])
  return (
    <>
      <Heading text="API reference" />
      <p>
        All that this page shows and does is asked of the gateway’s API, as you. Its whole document is{' '}
        <code>GET /v1/openapi.json</code>.
      </p>
      <form class="filters find" aria-label="Find" onSubmit={(event) => event.preventDefault()}>
        <Field
          label="Find an operation"
          hint={`${numberOf(found.length)} of them`}
          type="search"
          inputMode="search"
          value={query.get('q') ?? ''}
          maxLength={128}
          onInput={({ currentTarget: { value } }) => setFilters({ q: value }, { isReplaced: true })}
        />
      </form>
      {found.length === 0 && <Empty>No operation has all of these words.</Empty>}
      {(document.tags ?? []).map(({ name, description }) => {
        const operations = found.filter(({ tags = [] }) => tags.includes(name))
        if (operations.length === 0) return null
        return (
          <section key={name}>
            <h2>{name}</h2>
            <p class="note">{description}</p>
            <ul class="rows operations" aria-label={name}>
              {operations.map(({ operationId, method, path, summary, 'x-role': role }) => (
                <li key={operationId} class="row">
                  <span class="method">{method}</span>
                  <code>
                    {path.split('/').map((part, place) => (
                      <Fragment key={part}>
                        {place > 0 && (
                          <>
                            <wbr />/
                          </>
                        )}
                        {part}
                      </Fragment>
                    ))}
                  </code>
                  <a class="what" href={hashOf(['api', operationId])}>
                    {summary}
                  </a>
                  <span class="note">{role}</span>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </>
  )
}
