/** Slack and Teams, as whoever of policy.json one likes: the people there are others than who is signed in to the page. */
import { useAnswer } from '../../../../../lib/page/browser/api/use-answer.ts'
import { useMe } from '../../../../../lib/page/browser/api/use-me.ts'
import { Loading } from '../../../../../lib/page/browser/parts/states.tsx'
import { draftOf, setDraft } from '../../../../../lib/page/browser/session/drafts.ts'
import { Heading } from '../../../../../lib/page/browser/shell/heading.tsx'
import type { PageRoute } from '../../../../../lib/page/browser/shell/route.ts'
import { setFilters } from '../../../../../lib/page/browser/shell/use-route.ts'
import type { PageView } from '../../../../../lib/page/browser/shell/view.ts'
import type { SeenMessage } from '../../../chat/seen.ts'
import { Chooser } from './chooser.tsx'
import { Composer } from './composer.tsx'
import { USUAL_CHANNELS } from './message.tsx'
import { Messages } from './messages.tsx'
import { useFeed } from './use-feed.ts'
import './chat.css'

export const chatView: PageView = { name: 'chat', label: 'Chat', isOnePlace: true, Show: Chat }

/** As `GET /__chat/members` answers. */
interface Members {
  readonly people: readonly { readonly name: string; readonly role?: string; readonly email?: string }[]
}

const PLATFORMS = [
  { value: 'slack', label: 'Slack' },
  { value: 'teams', label: 'Teams' },
] as const satisfies readonly { readonly value: SeenMessage['platform']; readonly label: string }[]

function Chat({ query }: PageRoute) {
  const { value: members } = useAnswer<Members>('/__chat/members')
  const me = useMe()
  // Whoever comes back by the tab is who they were, and where.
  const choiceOf = (name: string) => query.get(name) ?? draftOf(`chat ${name}`)
  const choose = (name: string, value: string) => {
    setDraft(`chat ${name}`, value)
    setFilters({ [name]: value })
  }
  const platform = choiceOf('on') === 'teams' ? 'teams' : 'slack'
  const as = members && me && typistOf(members, choiceOf('as') ?? me.person)
  return (
    <>
      <Heading text="Chat">
        <span class="note">{USUAL_CHANNELS[platform]}, on this machine alone</span>
      </Heading>
      {members === undefined || as === undefined ? (
        <Loading />
      ) : (
        <>
          <div class="choosers">
            <Chooser
              name="as"
              label="You type as"
              value={as}
              options={members.people.map(({ name, role, email }) => ({
                value: name,
                label: role === undefined || name.includes(role) ? name : `${name} (${role})`,
                title: email,
              }))}
              onChoose={(value) => choose('as', value)}
            />
            <Chooser
              name="on"
              label="In"
              value={platform}
              options={PLATFORMS}
              onChoose={(value) => choose('on', value)}
            />
          </div>
          <Talk key={`${platform} ${as}`} as={as} platform={platform} />
        </>
      )}
    </>
  )
}

/** One who is there still, else the operator, since that one can do the most alone. */
function typistOf({ people }: Members, wanted: string | undefined): string | undefined {
  const found =
    people.find(({ name }) => name === wanted) ?? people.find(({ role }) => role === 'operator') ?? people[0]
  return found?.name
}

/** Anew for whoever else looks. */
function Talk({ as, platform }: { readonly as: string; readonly platform: SeenMessage['platform'] }) {
  const feed = useFeed(as, platform)
  return (
    <div class="talk">
      <Messages as={as} feed={feed} />
      <Composer as={as} platform={platform} />
    </div>
  )
}
