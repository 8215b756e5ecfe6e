/** `npm run chat -- "/license …"`: types into the laptop's Slack or Teams, and shows what the person would see. */
import { resolve } from 'node:path'
import { ACKNOWLEDGEMENT } from '../../../lib/chat/slack/webhook.ts'
import { explainLate } from '../../../lib/chat/teams/replies.ts'
import { readRunFile } from '../run-file.ts'
import { runCommand } from '../usage.ts'
import { type ChatClient, chatClient } from './client.ts'
import { type ChatOptions, chatOptions } from './options.ts'
import { APP_NAME, type SeenMessage } from './seen.ts'
import { inTerminal } from './terminal.ts'

/** What says that the answer is still to come. */
const NOT_YET = [ACKNOWLEDGEMENT, explainLate('', true).title]

async function main({ platform, as, line, press, directory }: ChatOptions): Promise<void> {
  const { gateway, chat } = readRunFile(resolve(directory))
  if (!chat) throw new Error('That gateway stands before a real Genesys org, where there is no chat to try')
  const client = chatClient(gateway, platform, as)
  const said = line === undefined ? undefined : await typed(client, line)
  if (press !== undefined) await pressed(client, press, said)
}

/** @returns the reply. */
async function typed(client: ChatClient, line: string): Promise<readonly SeenMessage[]> {
  const id = await client.say(line)
  const soFar = await client.seen()
  const version = soFar.find((message) => message.id === id)?.version ?? 0
  show(soFar.filter((message) => message.id === id || (message.answers === id && isNotYet(message))))
  // What comes another way than as the answer (late in Teams, or a channel's post in Slack) does not say what it answers.
  const isReply = ({ from, answers, ...message }: SeenMessage) =>
    answers === id || (from === APP_NAME && answers === undefined && message.version > version)
  return await waited(client, (message) => isReply(message) && !isNotYet(message))
}

async function pressed(
  client: ChatClient,
  label: string,
  among: readonly SeenMessage[] | undefined,
): Promise<void> {
  const has = ({ buttons }: SeenMessage) =>
    buttons.some((each) => each.label.toLowerCase() === label.toLowerCase())
  const message = (among ?? (await client.seen())).findLast(has)
  if (!message)
    throw new Error(`There is no button ${label} ${among ? 'in the reply' : 'in what this person sees'}`)
  if (!among) show([message])
  const id = await client.press(message, label)
  console.log(`pressed [${label}]\n`)
  await waited(client, ({ answers }) => answers === id)
}

async function waited(
  client: ChatClient,
  fits: (message: SeenMessage) => boolean,
): Promise<readonly SeenMessage[]> {
  const found = await client.awaited(fits)
  if (found.length === 0)
    throw new Error('No answer came; the log says why: gateway.log in the data directory')
  show(found)
  return found
}

function isNotYet({ from, parts }: SeenMessage): boolean {
  const [first] = parts
  const text =
    first?.kind === 'heading' ? first.text : first?.kind === 'text' ? first.spans[0]?.text : undefined
  return from === APP_NAME && text !== undefined && NOT_YET.includes(text)
}

function show(messages: readonly SeenMessage[]): void {
  const isColoured = process.stdout.isTTY && !process.env['NO_COLOR']
  for (const message of messages) console.log(`${inTerminal(message, isColoured)}\n`)
}

await runCommand(async () => await main(chatOptions(process.argv.slice(2))))
