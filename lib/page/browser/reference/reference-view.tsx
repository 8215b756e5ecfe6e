/** The API's own document, to be read: its operations, found by typing, and each at an address of its own. */
import { useAnswer } from '../api/use-answer.ts'
import { Empty, Loading, Problem } from '../parts/states.tsx'
import { Heading } from '../shell/heading.tsx'
import { hashOf, type PageRoute } from '../shell/route.ts'
import type { PageView } from '../shell/view.ts'
import { type ApiDocument, operationsIn } from './api-document.ts'
import { OperationList } from './operation-list.tsx'
import { OperationPage } from './operation-page.tsx'
import './reference.css'

export const referenceView: PageView = { name: 'api', label: 'API', needs: 'getOpenApi', Show: Reference }

function Reference({ path: [, id], query }: PageRoute) {
  const { value: document, problem, refresh } = useAnswer<ApiDocument>('v1/openapi.json')
  if (document === undefined) {
    return (
      <>
        <Heading text="API reference" />
        <Problem problem={problem} onRetry={() => void refresh()} />
        {problem === undefined && <Loading />}
      </>
    )
  }
  if (id === undefined) return <OperationList document={document} query={query} />
  const operation = operationsIn(document).find(({ operationId }) => operationId === id)
  if (operation) return <OperationPage document={document} operation={operation} />
  return (
    <>
      <a class="back" href={hashOf(['api'])}>
        All operations
      </a>
      <Heading text="No such operation" />
      <Empty>The API has no operation of this name.</Empty>
    </>
  )
}
