/** Questions: who holds what, what there is, how changes stand. Nothing here changes anything. */

import { onOff } from '../../../changes/answers/summarize.ts'
import { orderTextOf, repeatTextOf, wordsOfSchedule } from '../../../changes/answers/words/schedule-words.ts'
import { instantOf } from '../../../changes/model/local-time.ts'
import { isClosed } from '../../../changes/model/schedule.ts'
import { isUuid } from '../../../genesys/models/ids.ts'
import { nameOf } from '../../../people/find-users.ts'
import type { Command } from '../../grammar/typed-command.ts'
import { answerWith, type Reply, refuse, sayNote, sayText } from '../words/reply.ts'
import { timeTextOf } from '../words/times.ts'
import { answerReport, answerSeats } from './answer-seats.ts'
import { listApprovals, listChanges, recordsOf, showChange } from './change-lists.ts'
import { findLicense, findPeople } from './find-named.ts'
import { listHolders } from './list-holders.ts'
import type { ChatSession } from './session.ts'
import { showHistory } from './show-history.ts'
import { showResults } from './show-results.ts'

/** Rows of a list in a reply; the rest is counted. */
const MAX_ROWS = 20

type Question = Exclude<
  Command,
  {
    verb:
      | 'help'
      | 'grant'
      | 'revoke'
      | 'undo'
      | 'retry'
      | 'settle'
      | 'cancel'
      | 'confirm'
      | 'extend'
      | 'end'
      | 'reject'
      | 'writes'
      | 'pause'
      | 'resume'
  }
>

/** @throws GatewayError as the operations behind it. */
export async function answerQuestion(session: ChatSession, command: Question): Promise<Reply> {
  switch (command.verb) {
    case 'user':
      return await showUser(session, command.person)
    case 'who':
      return await listHolders(session, command)
    case 'seats':
      return await answerSeats(session, command)
    case 'history':
      return await showHistory(session, command)
    case 'report':
      return await answerReport(session, command)
    case 'definitions':
      return await listDefinitions(session)
    case 'definition':
      return await showDefinition(session, command.license)
    case 'infer':
      return await inferLicenses(session, command.roles)
    case 'toggle':
      return await showToggle(session, command.feature)
    case 'changes':
      return await listChanges(session, command)
    case 'change':
      return await showChange(session, command)
    case 'results':
      return await showResults(session, await recordsOf(session).change(command.changeId), command)
    case 'approvals':
      return await listApprovals(session)
    case 'schedules':
      return await listSchedules(session)
  }
}

async function showUser(
  session: ChatSession,
  ref: Extract<Command, { verb: 'user' }>['person'],
): Promise<Reply> {
  const meant = await findPeople(session, [ref])
  if ('reply' in meant) return meant.reply
  const [found] = meant.users
  if (!found) return refuse('Nobody was named')
  return answerWith(
    nameOf(found),
    {
      kind: 'facts',
      facts: [
        ['licenses', found.licenses.join(', ') || 'none'],
        ['e-mail', found.email ?? 'unknown'],
      ],
    },
    sayNote(`id ${found.id}`),
  )
}

async function listDefinitions({ bench }: ChatSession): Promise<Reply> {
  const { genesys } = await bench()
  const all = await genesys.getDefinitions()
  return answerWith(`${all.length} licenses`, {
    kind: 'table',
    headings: ['license', 'needs'],
    rows: all.map(({ id, prerequisites }) => [id, (prerequisites ?? []).map((each) => each.id).join(', ')]),
  })
}

async function showDefinition(session: ChatSession, named: string): Promise<Reply> {
  const meant = await findLicense(session, named)
  if ('reply' in meant) return meant.reply
  const { id, description, prerequisites, comprises, permissions } = meant.license
  return answerWith(id, ...(description ? [sayText(description)] : []), {
    kind: 'facts',
    facts: [
      ['needs', (prerequisites ?? []).map((each) => each.id).join(', ') || 'nothing'],
      ['comprises', (comprises ?? []).map((each) => each.id).join(', ') || 'nothing'],
      ['permissions', String(permissions?.ids?.length ?? 0)],
    ],
  })
}

/** An id that Genesys does not know cannot be told from one that needs nothing: both are answered with no license. */
const UNKNOWN_ROLES =
  'Genesys answers so too for an id that it does not know, so make sure that they are ids of your organization.'

async function inferLicenses({ bench }: ChatSession, roles: readonly string[]): Promise<Reply> {
  const noIds = roles.filter((role) => !isUuid(role))
  if (noIds.length > 0) {
    return refuse(
      `${noIds.map((each) => `“${each}”`).join(', ')} ${noIds.length === 1 ? 'is no role id' : 'are no role ids'}`,
      sayText(
        'Roles are named by their ids, which are UUIDs: a role’s page in Genesys (Admin, Roles/Permissions) has it in its address.',
      ),
    )
  }
  const { genesys } = await bench()
  const licenses = await genesys.inferFromRoles(roles)
  if (licenses.length > 0) return answerWith(`These roles need ${licenses.join(', ')}`)
  return answerWith('Genesys names no license that these roles need', sayNote(UNKNOWN_ROLES))
}

async function showToggle({ bench }: ChatSession, feature: string): Promise<Reply> {
  const { genesys } = await bench()
  const { enabled } = await genesys.getToggle(feature)
  return answerWith(
    `${feature} is ${onOff(enabled)}`,
    ...(enabled
      ? [sayNote('Genesys documents since July 2023 that toggles read on, whatever they are.')]
      : []),
  )
}

async function listSchedules(session: ChatSession): Promise<Reply> {
  const { entities } = await recordsOf(session).schedules({ limit: MAX_ROWS })
  const kept = entities.filter((each) => !isClosed(each))
  if (kept.length === 0) return answerWith('There are no schedules')
  return answerWith('Schedules', {
    kind: 'table',
    headings: ['id', 'when', 'what', 'state'],
    rows: kept.map(({ id, at, cron, rate, timeZone, change: order, state, approval }) => [
      id,
      at === undefined
        ? `${repeatTextOf({ cron, rate })}, ${timeZone}`
        : timeTextOf(instantOf(at, timeZone), timeZone),
      orderTextOf(order, () => '1 person'),
      wordsOfSchedule({ state, approval }, session.desk.clock.nowMs()).standing,
    ]),
  })
}
