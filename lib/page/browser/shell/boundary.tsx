/** What stands in place of what cannot be drawn: the rest of the page goes on. */
import type { ComponentChildren } from 'preact'
import { useErrorBoundary } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { Callout } from '../parts/states.tsx'
import { Heading } from './heading.tsx'

export function Boundary({ children }: { readonly children: ComponentChildren }) {
  const [fault] = useErrorBoundary()
  if (fault === undefined) return <>{children}</>
  return (
    <>
      <Heading text="This cannot be shown" />
      <Callout tone="bad">
        <p>
          The gateway has answered something that this page does not know: most likely it is newer than the
          page. Reload it; what you typed is kept. If that does not help, tell whoever runs the gateway.
        </p>
        <Button onClick={() => location.reload()}>Reload</Button>
      </Callout>
    </>
  )
}
