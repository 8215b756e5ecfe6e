/** The options of `npm run redrive`, checked; each error is one sentence that says what to type instead. */
import { directoryOf, LOCAL_DATA_OPTION } from '../local/run-file.ts'
import { mistyped, parsedArgs } from '../local/usage.ts'

const USAGE = `npm run redrive -- --org NAME [--send ID]… [--discard ID]… [--yes] [--data DIR]
shows what lies in the queues of dead letters, and sends back or discards what is named`

/** Stands for every letter that can be sent back. */
export const ALL = 'all'

export interface RedriveOptions {
  readonly org: string
  readonly directory: string
  readonly queueUrl: string | undefined
  readonly send: readonly string[]
  readonly discard: readonly string[]
  readonly isAgreed: boolean
}

const OPTIONS = {
  org: { type: 'string', value: 'NAME', says: 'an org file’s name, e.g. example, or local' },
  send: {
    type: 'string',
    multiple: true,
    value: 'ID',
    says: 'sends that message back to its function, and deletes it from the queue when it is taken; all for every one that can be',
  },
  discard: { type: 'string', multiple: true, value: 'ID', says: 'deletes that message from the queue' },
  yes: { type: 'boolean', default: false, says: 'does not ask before it does so' },
  queue: {
    type: 'string',
    value: 'URL',
    says: 'one queue alone, where it is not found by its name: the stack’s output DeadLetterQueueUrl or ListLetterQueueUrl',
  },
  data: LOCAL_DATA_OPTION,
} as const

/** An id, or so much of its beginning as a person types. */
const ID = /^[0-9a-f][0-9a-f-]{3,35}$/i

/** @throws UsageError, HelpAsked */
export function redriveOptions(args: readonly string[]): RedriveOptions {
  const { values } = parsedArgs({ args: [...args], options: OPTIONS }, USAGE)
  const { org, data, queue, send = [], discard = [], yes = false } = values
  if (!org) throw mistyped('Say whose dead letters')
  if (data !== undefined && org !== 'local') throw mistyped('--data goes with --org local')
  for (const id of [...send.filter((each) => each !== ALL), ...discard]) {
    if (!ID.test(id))
      throw mistyped(`'${id}' is no message’s id, nor four or more characters of its beginning`)
  }
  return { org, directory: directoryOf(data), queueUrl: queue, send, discard, isAgreed: yes }
}
