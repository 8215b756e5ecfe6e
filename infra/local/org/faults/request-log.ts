/**
 * One request as GET /__org/requests lists it. `path` and `query` are as received (still encoded, the query without
 * its `?` and empty where there is none); `status` is null as long as no answer was sent; `at` is ISO 8601.
 */
export interface LoggedRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  status: number | null
  readonly at: string
  readonly correlationId: string
}

/** Every request but the control ones, in order of arrival. It grows until reset. */
export function createRequestLog(now: () => number) {
  let entries: LoggedRequest[] = []
  return {
    /** Lists a request that has just arrived; whoever answers it sets `status`. */
    add(request: Pick<LoggedRequest, 'method' | 'path' | 'query' | 'correlationId'>): LoggedRequest {
      const { method, path, query, correlationId } = request
      const entry = { method, path, query, status: null, at: new Date(now()).toISOString(), correlationId }
      entries.push(entry)
      return entry
    },
    list: (): LoggedRequest[] => entries.map((entry) => ({ ...entry })),
    reset: () => {
      entries = []
    },
  }
}

/** The request log of one org. */
export type OrgRequestLog = ReturnType<typeof createRequestLog>
