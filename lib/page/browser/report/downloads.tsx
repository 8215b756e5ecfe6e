import { problemTextOf } from '../api/problems.ts'
import { useDownload } from '../api/use-download.ts'
import { Button } from '../parts/button.tsx'
import { type ListedPeriod, periodSpanOf } from './period-words.ts'

const forms = [
  ['CSV', 'text/csv'],
  ['NDJSON', 'application/x-ndjson'],
  ['HTML', 'text/html'],
] as const

export function Downloads({ period }: { readonly period: Pick<ListedPeriod, 'id' | 'start' | 'end'> }) {
  const download = useDownload()
  return (
    <fieldset class="downloads">
      <legend class="unseen">Download {periodSpanOf(period)}</legend>
      {forms.map(([name, accept]) => (
        <Button
          key={name}
          isBusy={download.isBusy}
          aria-label={`Download as ${name}: ${periodSpanOf(period)}`}
          onClick={() =>
            void download.start(
              { path: `v1/periods/${encodeURIComponent(period.id)}`, accept },
              // The contract's periods have ids that tell nobody anything.
              `period-${period.start.slice(0, 10)}-to-${period.end.slice(0, 10)}`,
            )
          }
        >
          {name}
        </Button>
      ))}
      {download.problem !== undefined && (
        <span class="fault" role="alert">
          {problemTextOf(download.problem)}
        </span>
      )}
    </fieldset>
  )
}
