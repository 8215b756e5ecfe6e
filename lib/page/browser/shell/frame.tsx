/** What stands around every view: whose gateway this is, the tabs, who is signed in, and what concerns all. */

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Me } from '../../../changes/answers/decision-schemas.ts'
import { requesterOf } from '../../../changes/answers/summarize.ts'
import type { Writes } from '../../../changes/answers/write-schemas.ts'
import { problemTextOf } from '../api/problems.ts'
import { useAnswer } from '../api/use-answer.ts'
import { isMeComing, mayCall, me } from '../api/use-me.ts'
import { Button } from '../parts/button.tsx'
import { Callout } from '../parts/states.tsx'
import { numberOf, Time } from '../parts/times.tsx'
import { hasResumed } from '../session/drafts.ts'
import { waiting } from './heading.tsx'
import { usePage } from './page-context.ts'
import { hashOf } from './route.ts'
import { LiveRegion, tellAloud } from './tell-aloud.tsx'
import { useCell } from './use-cell.ts'
import { useRoute } from './use-route.ts'
import type { PageView } from './view.ts'

/** Nobody waits for either: who one is, and whether writes are paused. */
const ME_EVERY_MS = 300_000
const WRITES_EVERY_MS = 30_000

interface FrameProps {
  readonly views: readonly PageView[]
  readonly shown: PageView | undefined
  readonly children: ComponentChildren
}

export function Frame({ views, shown, children }: FrameProps) {
  const { api, config, signIn } = usePage()
  const { value: who, problem, refresh } = useAnswer<Me>('v1/me', { everyMs: ME_EVERY_MS })
  const isComing = who === undefined && problem === undefined
  useEffect(() => {
    me.set(who)
    isMeComing.set(isComing)
  }, [who, isComing])
  useEffect(() => api.denials.subscribe(() => void refresh()), [api])
  // Where nobody can tell, to look does no harm.
  const allowed = views.filter(({ needs }) => needs === undefined || who === undefined || mayCall(who, needs))
  return (
    <>
      {/* A link would change the address, which is the view's. */}
      <button type="button" class="button skip" onClick={() => document.getElementById('content')?.focus()}>
        To the content
      </button>
      <header>
        <a class="org" href={hashOf([])} title={config.org}>
          {config.org}
        </a>
        <Tabs views={allowed} shown={shown} isComing={isComing} />
        <div class="who" id="who">
          {who && (
            <span title={nameOf(who)}>
              {nameOf(who)} {who.role && <span class="note under">{who.role}</span>}
            </span>
          )}
          <Button look="quiet" onClick={() => void signIn.leave()}>
            Sign out
          </Button>
        </div>
      </header>
      <ResumedBanner />
      <OfflineBanner />
      <div role="status" class="banner">
        {who === undefined && problem !== undefined && (
          <Callout tone="warning">
            Who you are here is not known yet, so nothing is offered but to look. {problemTextOf(problem)}
          </Callout>
        )}
      </div>
      <PausedBanner />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <LiveRegion />
    </>
  )
}

const nameOf = ({ name, person, email, id }: Me) => name ?? person ?? email ?? id

/** Beside each other where there is room, else behind a button, with who is signed in. */
function Tabs({
  views,
  shown,
  isComing,
}: {
  readonly views: readonly PageView[]
  readonly shown: PageView | undefined
  /** Which of them there are is not known yet: one that went would move the rest under a press. */
  readonly isComing: boolean
}) {
  const [isOpen, setOpen] = useState(false)
  const menu = useRef<HTMLButtonElement>(null)
  const count = useCell(waiting)
  useEffect(() => {
    if (!isOpen) return
    const close = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return
      setOpen(false)
      menu.current?.focus()
    }
    const leave = ({ target }: FocusEvent) => {
      if (target instanceof Element && target.closest('header') === null) setOpen(false)
    }
    addEventListener('keydown', close)
    addEventListener('focusin', leave)
    return () => {
      removeEventListener('keydown', close)
      removeEventListener('focusin', leave)
    }
  }, [isOpen])
  return (
    <div class="menu">
      <button
        ref={menu}
        type="button"
        class="button menu-button"
        aria-expanded={isOpen}
        aria-controls="tabs who"
        onClick={() => setOpen(!isOpen)}
      >
        Menu
        {count > 0 && (
          <span class="badge">
            {numberOf(count)}
            <span class="unseen"> {count === 1 ? 'waits' : 'wait'} for you</span>
          </span>
        )}
      </button>
      <nav id="tabs" aria-label="Views" class={isComing ? 'to-come' : isOpen ? 'open' : undefined}>
        {views.map((view) => (
          <a
            key={view.name}
            href={hashOf([view.name])}
            aria-current={view === shown ? 'page' : undefined}
            onClick={() => {
              setOpen(false)
              // Of the view that is there already nothing is arrived at; beside each other the tabs keep it.
              if (isOpen) menu.current?.focus()
            }}
          >
            {view.label}
            {view.Badge && <view.Badge />}
          </a>
        ))}
      </nav>
    </div>
  )
}

interface BannerProps {
  readonly label: string
  /** What is heard when it comes, also over a dialog that is open. */
  readonly sentence: string
  readonly tone?: 'info' | 'warning'
  readonly children?: ComponentChildren
}

function Banner({ label, sentence, tone = 'warning', children = sentence }: BannerProps) {
  useEffect(() => tellAloud(sentence), [sentence])
  return (
    <aside class="banner" aria-label={label}>
      <Callout tone={tone}>{children}</Callout>
    </aside>
  )
}

const RESUMED = 'You are back: what you typed is kept. What you pressed last may not have been sent.'

/** What was pressed as the sign-in ended has come to nothing. */
function ResumedBanner() {
  const isResumed = useCell(hasResumed)
  const { path } = useRoute()
  const place = path.join('/')
  const first = useRef(place)
  useEffect(() => {
    if (place !== first.current) hasResumed.set(false)
  }, [place])
  return isResumed ? <Banner label="Back again" sentence={RESUMED} /> : null
}

const OFFLINE =
  'The gateway does not answer. What you see is as it was; this page goes on by itself once it does.'

const WAITS = 'Much is asked at once, so this waits its turn.'

function OfflineBanner() {
  const { api } = usePage()
  const isReached = useCell(api.isReached)
  const seconds = useCell(api.waitSeconds)
  const wasReached = useRef(true)
  useEffect(() => {
    if (isReached && !wasReached.current) tellAloud('The gateway answers again.')
    wasReached.current = isReached
  }, [isReached])
  if (!isReached) return <Banner label="The gateway" sentence={OFFLINE} />
  if (seconds === undefined) return null
  return (
    <Banner label="The gateway" tone="info" sentence={WAITS}>
      {WAITS} It goes on by itself within {seconds === 1 ? 'a second' : `${numberOf(seconds)} seconds`}.
    </Banner>
  )
}

function PausedBanner() {
  const { value } = useAnswer<Writes>('v1/writes', { everyMs: WRITES_EVERY_MS })
  if (value === undefined || value.state === 'running') return null
  const by = value.by ? ` by ${requesterOf(value.by)}` : ' by the org file'
  const why = `${value.reason ? `: ${value.reason}` : ''}. What is asked for waits, or is refused.`
  return (
    <Banner label="Writes" sentence={`Writes are paused${by}${why}`}>
      Writes are paused{by}
      {value.since && (
        <>
          {' '}
          since <Time at={value.since} />
        </>
      )}
      {why}
    </Banner>
  )
}
