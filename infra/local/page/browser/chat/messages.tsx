/** The messages that one sees, which scroll by themselves: still at the end for whoever is there, and still for a reader. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../../../../lib/page/browser/parts/button.tsx'
import { Loading, Problem } from '../../../../../lib/page/browser/parts/states.tsx'
import { tellAloud } from '../../../../../lib/page/browser/shell/tell-aloud.tsx'
import { firstWordsOf, isAside, Message } from './message.tsx'
import type { Feed } from './use-feed.ts'

/** Still at the end, for a reader who is that close to it. Pixels. */
const NEAR_PX = 60
/** Left free above a message that is gone to. Pixels. */
const ABOVE_PX = 12

interface MessagesProps {
  /** Who looks. */
  readonly as: string
  readonly feed: Feed | undefined
}

export function Messages({ as, feed }: MessagesProps) {
  const log = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const wasAtEnd = useRef(true)
  const shownBefore = useRef<ReadonlySet<string>>(new Set())
  const [hasNewer, setNewer] = useState(false)
  const [problem, setProblem] = useState<unknown>()

  const look = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = log.current ?? {}
    wasAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX
    if (wasAtEnd.current) setNewer(false)
  }

  /** To the end, but for what is longer than there is room: that is read from its beginning. */
  function goTo(node: Element | null): void {
    if (log.current === null) return
    const { scrollHeight, clientHeight, scrollTop } = log.current
    const place = node
      ? node.getBoundingClientRect().top - log.current.getBoundingClientRect().top
      : Number.POSITIVE_INFINITY
    log.current.scrollTop = Math.min(scrollHeight - clientHeight, scrollTop + place - ABOVE_PX)
    look()
    setNewer(false)
  }
  const newest = () => list.current?.lastElementChild ?? null

  // A keyboard that comes up, or a line that breaks anew, must not hide the newest.
  useEffect(() => {
    const { current } = log
    if (current === null) return
    const observer = new ResizeObserver(() => {
      if (wasAtEnd.current) current.scrollTop = current.scrollHeight
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [])

  useLayoutEffect(() => {
    if (feed === undefined) return
    const { messages, came, isAll } = feed
    const before = shownBefore.current
    shownBefore.current = new Set(messages.map(({ id }) => id))
    if (isAll) return goTo(newest())
    const hasMine = came.some(({ from, id }) => from === as && !before.has(id))
    if (wasAtEnd.current || hasMine) goTo(firstToRead(before))
    else setNewer(true)
    const last = came.findLast(({ from }) => from !== as)
    if (last) tellAloud(firstWordsOf(last))
  }, [feed])

  /** Of what has just come, where one begins to read: what oneself has said is known. */
  function firstToRead(before: ReadonlySet<string>): Element | null {
    const last = newest()
    const nodes = [...(list.current?.children ?? [])]
    const fresh = (feed?.came ?? []).flatMap((message) => {
      const node = nodes.find((each) => each.getAttribute('data-id') === message.id)
      // One that was shown before has changed in its place; of those only the last of all is gone to.
      const isFresh = node !== undefined && (node === last || !before.has(message.id))
      return message.from !== as && isFresh ? [{ node, isPassing: isAside(message) }] : []
    })
    return (fresh.find(({ isPassing }) => !isPassing) ?? fresh[0])?.node ?? null
  }

  const answered = new Set(feed?.messages.map(({ answers }) => answers))
  return (
    <>
      <div class="talk-log">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <div ref={log} role="log" aria-live="off" aria-label="Messages" tabIndex={0} onScroll={look}>
          {feed === undefined ? <Loading /> : feed.messages.length === 0 && <Welcome />}
          <ol ref={list}>
            {feed?.messages.map((message, place) => (
              <Message
                key={message.id}
                message={message}
                before={feed.messages[place - 1]}
                as={as}
                answered={answered}
                onTrouble={setProblem}
              />
            ))}
          </ol>
        </div>
        {hasNewer && (
          <Button
            look="primary"
            onClick={() => {
              goTo(newest())
              log.current?.focus({ preventScroll: true })
            }}
          >
            New messages
          </Button>
        )}
      </div>
      <Problem problem={problem} />
    </>
  )
}

function Welcome() {
  return (
    <div class="welcome">
      <h2>Nothing has been said yet</h2>
      <p>
        Choose a line below and send it, or type one of your own. What answers is the real gateway; behind it
        is a made-up Genesys org, so nothing here is billed.
      </p>
      <p>Some changes need a second person: switch to the approver above and press their button.</p>
    </div>
  )
}
