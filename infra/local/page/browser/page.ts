/** The page at the local gateway's root: a chat as one of its people, the changes as they happen, the API reference. */
import type { PageMember } from '../session.ts'
import { ask, sentenceOf, Unanswered } from './asking.ts'
import { changesPanel } from './changes/changes.ts'
import { chooser } from './chat/chooser.ts'
import { composer } from './chat/composer.ts'
import { follow } from './chat/feed.ts'
import { USUAL_CHANNELS } from './chat/message.ts'
import { messagesPanel } from './chat/messages.ts'
import { type Choice, keepChoice, keptChoice } from './choice.ts'
import { byId } from './dom.ts'
import { views } from './views.ts'
import { pause } from './waiting.ts'

const trouble = byId('trouble', HTMLElement)
const frame = byId('reference', HTMLIFrameElement)

function tell(sentence: string | undefined): void {
  trouble.textContent = sentence ?? ''
  trouble.hidden = sentence === undefined
}

async function people(): Promise<readonly PageMember[]> {
  for (;;) {
    try {
      return (await ask<{ readonly people: readonly PageMember[] }>('/__chat/members')).people
    } catch (error) {
      tell(sentenceOf(error))
      await pause(1_000)
    }
  }
}

const members = await people()
let choice = chosen(keptChoice())
let ending = new AbortController()

const messages = messagesPanel({ as: () => choice.as, onTrouble: fail })
const box = composer(async (line) => {
  try {
    await ask('/__chat/say', { body: { platform: choice.platform, as: choice.as, line } })
    tell(undefined)
    return true
  } catch (error) {
    fail(error)
    return false
  }
})
const changes = changesPanel({
  choice: () => choice,
  onAsked(changeId) {
    go('chat')
    box.fill(`/license change ${changeId}`)
  },
})

function fail(error: unknown): void {
  tell(sentenceOf(error))
  // Following anew finds out when there are answers again, which a request that waits already may not.
  if (error instanceof Unanswered) choose({})
}

/** A person who is there still, else the operator, since that one can do the most alone. */
function chosen({ as, platform = 'slack' }: Partial<Choice>): Choice {
  const person =
    members.find(({ name }) => name === as) ?? members.find(({ role }) => role === 'operator') ?? members[0]
  return { as: person?.name ?? '', role: person?.role ?? 'viewer', platform }
}

function choose(wanted: Partial<Choice>): void {
  choice = chosen({ ...choice, ...wanted })
  keepChoice(choice)
  byId('channel', HTMLElement).textContent = USUAL_CHANNELS[choice.platform]
  // Teams has no commands: the webhook is mentioned.
  byId('line', HTMLInputElement).placeholder = choice.platform === 'teams' ? '@license help' : '/license help'
  byId('sent-as', HTMLElement).textContent = choice.as
  ending.abort()
  ending = new AbortController()
  let isTroubled = !trouble.hidden
  const onStanding = (sentence: string | undefined) => {
    if (sentence !== undefined || isTroubled) tell(sentence)
    isTroubled = sentence !== undefined
  }
  const onMessages: Parameters<typeof follow>[1]['onMessages'] = (newer, isAll) => {
    messages.add(newer, isAll)
    changes.nudge()
  }
  changes.nudge()
  void follow(choice, { onMessages, onStanding }, ending.signal)
}

const who = members.map(({ name, role, email }) => ({
  value: name,
  label: role === undefined || name.includes(role) ? name : `${name} (${role})`,
  title: email ?? '',
}))
chooser(byId('who', HTMLFieldSetElement), who, choice.as, (as) => choose({ as }))
const where = [
  { value: 'slack', label: 'Slack' },
  { value: 'teams', label: 'Teams' },
]
chooser(byId('where', HTMLFieldSetElement), where, choice.platform, (value) =>
  choose({ platform: value === 'teams' ? 'teams' : 'slack' }),
)
tell(undefined)
choose({})
const go = views((view) => {
  // The viewer is large, and most come for the chat.
  if (view === 'api' && frame.getAttribute('src') === null) frame.src = '/__page/reference/'
  if (view === 'chat') messages.goToNewest()
})
void changes.run()
