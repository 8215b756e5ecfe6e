/** Brings the page up: its address, who is signed in, and the view that the address names. */
import { render } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { apiAt } from '../api/call-api.ts'
import { problemTextOf } from '../api/problems.ts'
import { Button } from '../parts/button.tsx'
import { Callout, Empty, Loading } from '../parts/states.tsx'
import { readConfig } from '../session/page-config.ts'
import { signInAt } from '../session/sign-in.ts'
import { Boundary } from './boundary.tsx'
import { Frame } from './frame.tsx'
import { Heading } from './heading.tsx'
import { keepDirection } from './keep-direction.tsx'
import { keepFocus } from './keep-focus.ts'
import { PageContext, usePage } from './page-context.ts'
import { hashOf, routeOf } from './route.ts'
import { useCell } from './use-cell.ts'
import { followAddress, goTo, useRoute } from './use-route.ts'
import type { PageView } from './view.ts'
import './styles.css'

/** @param views in the order of their tabs; the first is where one begins. */
export async function startPage(place: Element, views: readonly PageView[]): Promise<void> {
  const base = mendAddress()
  try {
    const config = await readConfig(base)
    const signIn = signInAt(config, base)
    await signIn.begin()
    followAddress()
    keepFocus()
    keepDirection()
    render(
      <PageContext.Provider value={{ config, signIn, api: apiAt(base, signIn) }}>
        <Page views={views} />
      </PageContext.Provider>,
      place,
    )
  } catch (error) {
    render(
      <main class="door">
        <h1>License gateway</h1>
        <Callout tone="bad">{problemTextOf(error)}</Callout>
        <Button look="primary" onClick={() => location.reload()}>
          Try again
        </Button>
      </main>,
      place,
    )
  }
}

/** API Gateway answers `/STAGE` and `/STAGE/` alike, and what is relative to the page needs the slash. @returns the page's own address. */
function mendAddress(): string {
  const address = new URL(location.href)
  if (!address.pathname.endsWith('/')) {
    address.pathname += '/'
    history.replaceState(null, '', address)
  }
  return `${address.origin}${address.pathname}`
}

function Page({ views }: { readonly views: readonly PageView[] }) {
  const { signIn } = usePage()
  const standing = useCell(signIn.standing)
  if (standing.kind === 'in') {
    return (
      <Boundary>
        <Shown views={views} />
      </Boundary>
    )
  }
  return (
    <Door
      sentence={standing.kind === 'out' ? standing.sentence : undefined}
      isComing={standing.kind === 'coming'}
    />
  )
}

function Shown({ views }: { readonly views: readonly PageView[] }) {
  const route = useRoute()
  const [first] = views
  const shown = views.find(({ name }) => name === route.path[0])
  const isNowhere = route.path.length === 0
  useEffect(() => {
    // An address that was typed before this has run is where one is going.
    const isStill = routeOf(location.hash).path.length === 0
    if (isNowhere && isStill && first) goTo(hashOf([first.name]), { isReplaced: true })
  }, [isNowhere, first])
  return (
    <Frame views={views} shown={shown}>
      {shown ? (
        // Another path is another place, and is arrived at; other filters are not.
        <Boundary key={shown.isOnePlace ? shown.name : route.path.join('/')}>
          <shown.Show {...route} />
        </Boundary>
      ) : isNowhere ? (
        <Loading />
      ) : (
        <>
          <Heading text="Nothing is here" />
          <Empty>The address leads nowhere. Choose a view above.</Empty>
        </>
      )}
    </Frame>
  )
}

/** Before anybody is in. */
function Door({ sentence, isComing }: { readonly sentence: string | undefined; readonly isComing: boolean }) {
  const { config, signIn } = usePage()
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    if (sentence !== undefined) place.current?.querySelector<HTMLElement>('.notice')?.focus()
  }, [sentence])
  return (
    <main class="door" ref={place}>
      <h1>{config.org}</h1>
      <p class="note">Genesys Cloud licenses: who holds what, and who changes it.</p>
      {sentence !== undefined && <Callout isSudden>{sentence}</Callout>}
      {isComing ? (
        <Loading lines={1} />
      ) : (
        <Button look="primary" onClick={() => void signIn.enter()}>
          Sign in
        </Button>
      )}
    </main>
  )
}
