/** Of a switch that came to nothing: what to do, as long as Genesys takes none over its API. */
import type { ToggleListing } from '../../../changes/answers/write-schemas.ts'
import { useAnswer } from '../api/use-answer.ts'
import { mayCall, useMe } from '../api/use-me.ts'
import type { OfferedChange } from '../changes/offers.ts'
import { Callout } from '../parts/states.tsx'

export function NoEffect({ change: { state, kind } }: { readonly change: OfferedChange }) {
  const mayAsk = mayCall(useMe(), 'listToggles')
  const isVain = state === 'NO_EFFECT' && kind === 'toggle'
  const { value } = useAnswer<ToggleListing>(isVain && mayAsk ? 'v1/toggles' : undefined)
  if (!isVain || value?.switching !== 'ignored') return null
  return (
    <Callout tone="warning">
      Switching has no effect today, and trying again most likely has none. Its API takes no switch any more:
      if it must be switched, ask Genesys.
    </Callout>
  )
}
