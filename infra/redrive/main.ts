/** `npm run redrive -- --org NAME`: shows the dead letters, and sends back or discards those that are named. */
import { nodeTransport } from '../../lib/transport/transport.ts'
import { ask } from '../credentials/questions.ts'
import { runCommand, UsageError } from '../local/usage.ts'
import type { Letter } from './letter.ts'
import { ALL, type RedriveOptions, redriveOptions } from './options.ts'
import { findQueue, giveBack, receiveLetters, removeLetter } from './queue.ts'
import { type Repeat, repeatOf } from './repeat.ts'
import { sendBack } from './send-back.ts'
import { type RedriveTarget, targetOf } from './target.ts'

/** A letter with what repeating it does, and the name of the function that takes it; undefined where none does. */
type Shown = Letter & Repeat & { readonly sendTo: string | undefined }

interface Picked {
  readonly send: readonly Shown[]
  readonly discard: readonly Shown[]
}

/** Of an id, what is shown: enough to tell a few hundred apart. Characters. */
const SHOWN_OF_ID = 8

/** Longest text of one line: of a hostile event a reason may go on. Characters. */
const MAX_TEXT = 500

async function main(args: readonly string[]): Promise<void> {
  const options = redriveOptions(args)
  const target = await targetOf(options.org, options.directory)
  const { client } = target
  const queueUrls = await queuesOf(target, options)
  const received: Letter[] = []
  for (const queueUrl of queueUrls) received.push(...(await receiveLetters(client, queueUrl)))
  const nowMs = await target.nowMs()
  const letters = received.map((letter) => shownOf(letter, target, nowMs))
  let kept: readonly Shown[] = letters
  try {
    const picked = pick(letters, options)
    print(queueUrls, letters, picked)
    const chosen = [...picked.send, ...picked.discard]
    // Others see what is left while somebody thinks.
    kept = chosen
    await giveBack(
      client,
      letters.filter((letter) => !chosen.includes(letter)),
    )
    if (chosen.length === 0 || !(await isAgreed(picked, options))) return
    kept = await carryOut(target, picked)
  } finally {
    await giveBack(client, kept)
  }
  if (kept.length > 0) process.exitCode = 1
}

async function queuesOf(
  { client, queuePrefixes }: RedriveTarget,
  { queueUrl }: RedriveOptions,
): Promise<readonly string[]> {
  if (queueUrl !== undefined) return [queueUrl]
  const found: string[] = []
  for (const prefix of queuePrefixes) found.push(await findQueue(client, prefix))
  return found
}

function shownOf(letter: Letter, { isOurs }: RedriveTarget, nowMs: number): Shown {
  const repeat = repeatOf(letter, nowMs)
  const { carriedOutBy } = repeat
  const { functionName } = letter
  const canBe = carriedOutBy !== undefined && functionName !== undefined && isOurs(functionName, carriedOutBy)
  return { ...letter, ...repeat, sendTo: canBe ? functionName : undefined }
}

/** @throws UsageError where an id fits none or several, or what it names cannot be sent back. */
function pick(letters: readonly Shown[], { send, discard }: RedriveOptions): Picked {
  const found = (id: string) => {
    const fitting = letters.filter((letter) => letter.id.startsWith(id.toLowerCase()))
    const [one, ...more] = fitting
    if (one !== undefined && more.length === 0) return one
    const how = one === undefined ? 'No message in the queue has' : `${fitting.length} messages have`
    throw new UsageError(`${how} an id that begins with ${id}; nothing was done`)
  }
  const toSend = send.flatMap((id) => {
    if (id === ALL) return letters.filter(({ sendTo }) => sendTo !== undefined)
    const letter = found(id)
    if (letter.sendTo === undefined) {
      throw new UsageError(`${shortIdOf(letter)} cannot be sent back; nothing was done`)
    }
    return [letter]
  })
  const picked = { send: [...new Set(toSend)], discard: [...new Set(discard.map(found))] }
  const both = picked.send.find((letter) => picked.discard.includes(letter))
  if (both) throw new UsageError(`${shortIdOf(both)} is to be sent and discarded; nothing was done`)
  return picked
}

function print(queueUrls: readonly string[], letters: readonly Shown[], { send, discard }: Picked): void {
  for (const queueUrl of queueUrls) {
    const count = letters.filter((letter) => letter.queueUrl === queueUrl).length
    console.log(`${count === 1 ? '1 dead letter' : `${count} dead letters`} in ${queueUrl}`)
  }
  for (const letter of letters) {
    const { atMs, what, why, again, sendTo } = letter
    const at = atMs === undefined ? 'at a time that is not told' : new Date(atMs).toISOString()
    const mark = send.includes(letter) ? '  to be sent' : discard.includes(letter) ? '  to be discarded' : ''
    const to = sendTo === undefined ? 'nowhere: its function is not known, or not of this gateway' : sendTo
    console.log(`\n${shortIdOf(letter)}  ${at}${mark}`)
    console.log(`  what   ${printable(what)}`)
    console.log(`  why    ${printable(why)}`)
    console.log(`  to     ${to}`)
    console.log(`  again  ${printable(again)}`)
  }
}

async function isAgreed({ send, discard }: Picked, { isAgreed: isSaid }: RedriveOptions): Promise<boolean> {
  if (isSaid) return true
  if (!process.stdin.isTTY) {
    throw new UsageError('There is no terminal to ask on, so say --yes; nothing was done')
  }
  const prompt = `\nSend ${send.length} back, discard ${discard.length}: yes or no? `
  const [answer] = await ask(
    [{ prompt, isSecret: false, variable: '', isOptional: true }],
    process.stdin,
    process.stdout,
  )
  if (answer === 'yes') return true
  console.log('nothing was done')
  return false
}

/** @returns those that are still in the queue. */
async function carryOut(target: RedriveTarget, { send, discard }: Picked): Promise<readonly Shown[]> {
  const left: Shown[] = []
  console.log('')
  for (const letter of send) {
    const { event, sendTo = '' } = letter
    try {
      await sendBack(event, sendTo, { ...target, transport: nodeTransport })
    } catch (error) {
      left.push(letter)
      console.error(`${shortIdOf(letter)} stays in the queue: ${sentenceOf(error)}`)
      continue
    }
    await remove(letter, `sent back to ${sendTo}`)
  }
  for (const letter of discard) await remove(letter, 'discarded')
  return left

  async function remove(letter: Shown, done: string): Promise<void> {
    try {
      await removeLetter(target.client, letter)
      console.log(`${shortIdOf(letter)} ${done}`)
    } catch (error) {
      left.push(letter)
      console.error(
        `${shortIdOf(letter)} could not be deleted from the queue: ${sentenceOf(error)}. Sent a second time, nothing is done twice`,
      )
    }
  }
}

const shortIdOf = ({ id }: Letter) => id.slice(0, SHOWN_OF_ID)

/** What others wrote, on one line and without what steers a terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}|[\u2028\u2029]/gu, ' ').slice(0, MAX_TEXT)
}

function sentenceOf(error: unknown): string {
  return printable(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
}

await runCommand(async () => await main(process.argv.slice(2)))
