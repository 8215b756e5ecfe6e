/**
 * `npm run credentials -- --org NAME`: puts an org's OAuth clients, makes their first tokens and tries them; with
 * `--slack` or `--teams` it puts what chat is proved by.
 */
import { systemClock } from '../../lib/clock.ts'
import { nodeTransport } from '../../lib/transport/transport.ts'
import { directoryOf, LOCAL_DATA_OPTION } from '../local/run-file.ts'
import { mistyped, parsedArgs, runCommand, UsageError } from '../local/usage.ts'
import { awsRegionOf } from './aws-region.ts'
import { clientQuestions, clientsOf } from './clients.ts'
import { provision } from './provision.ts'
import { answersIn, ask, type SecretQuestion } from './questions.ts'
import { putSlack, slackQuestions } from './slack.ts'
import { targetOf } from './target.ts'
import { putTeamsToken, teamIdOf, teamsQuestions } from './teams.ts'

const USAGE = `npm run credentials -- --org NAME [--slack | --teams TEAM-ID] [--data DIR]
asks for an org's OAuth clients, or for what belongs to chat, and puts it`

interface CredentialsOptions {
  readonly org: string
  readonly directory: string
  readonly chat?: { readonly platform: 'slack' } | { readonly platform: 'teams'; readonly teamId: string }
}

function optionsOf(args: readonly string[]): CredentialsOptions {
  const { org, data, slack, teams } = parsed(args)
  if (!org) throw mistyped('Say which org the OAuth clients belong to')
  if (data !== undefined && org !== 'local') throw mistyped('--data goes with --org local')
  if (slack && teams !== undefined) throw mistyped('--slack and --teams are put one at a time')
  const where = { org, directory: directoryOf(data) }
  if (teams !== undefined) return { ...where, chat: { platform: 'teams', teamId: teamIdOf(teams) } }
  return slack ? { ...where, chat: { platform: 'slack' } } : where
}

const OPTIONS = {
  org: { type: 'string', value: 'NAME', says: 'an org file’s name, e.g. example, or local' },
  data: LOCAL_DATA_OPTION,
  slack: { type: 'boolean', says: 'puts the Slack app’s signing secret and bot token' },
  teams: {
    type: 'string',
    value: 'TEAM-ID',
    says: 'puts the security token of a team’s outgoing webhook',
  },
} as const

function parsed(args: readonly string[]) {
  return parsedArgs({ args: [...args], options: OPTIONS }, USAGE).values
}

async function answersTo(questions: readonly SecretQuestion[]): Promise<readonly string[]> {
  return process.stdin.isTTY
    ? await ask(questions, process.stdin, process.stdout)
    : answersIn(questions, process.env)
}

async function main(args: readonly string[]): Promise<void> {
  const { org, directory, chat } = optionsOf(args)
  const target = await targetOf(org, directory)
  const at = {
    transport: nodeTransport,
    clock: systemClock,
    tell: (sentence: string) => console.log(sentence),
  }
  const platform = chat?.platform
  if (platform !== undefined && !target.platforms.includes(platform)) {
    throw new UsageError(`The org file '${org}' has no chat.${platform}: add it, and deploy first`)
  }
  // Before anybody types a secret that could not be put.
  await awsRegionOf(target.client, org)
  if (chat === undefined) {
    const { read, write } = clientsOf(await answersTo(clientQuestions))
    await provision('read', read, { ...target, ...at })
    await provision('write', write, { ...target, ...at })
  } else {
    const { client, chatNames: names, slackApi } = target
    const to = { ...at, client, names, slackApi }
    if (chat.platform === 'slack') await putSlack(await answersTo(slackQuestions), to)
    else await putTeamsToken(chat.teamId, await answersTo(teamsQuestions), to)
  }
  console.log('done')
}

await runCommand(async () => await main(process.argv.slice(2)))
