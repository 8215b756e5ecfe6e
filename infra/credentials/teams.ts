/** Security tokens of Teams' outgoing webhooks, by team: asked for and put. */
import * as z from 'zod/mini'
import { UsageError } from '../local/usage.ts'
import { type ChatProvisioning, heldIn, putInto } from './chat-secret.ts'
import type { SecretQuestion } from './questions.ts'

/** Shortest that counts, in bytes (lib/chat/teams/signature.ts); Teams makes 32. */
const MIN_TOKEN_BYTES = 16

export const teamsQuestions: readonly SecretQuestion[] = [
  {
    prompt: 'Security token of the outgoing webhook (not shown): ',
    isSecret: true,
    variable: 'TEAMS_SECURITY_TOKEN_VALUE',
    faultOf: (answer) =>
      isBase64(answer)
        ? undefined
        : 'A security token is base64, 44 characters that end with =; Teams shows it once, as the webhook is made',
  },
]

function isBase64(text: string): boolean {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length >= MIN_TOKEN_BYTES && bytes.toString('base64') === text
}

const TEAM_ID = /^19:[A-Za-z0-9_-]{1,250}@thread\.[a-z0-9]{1,16}$/

/**
 * @param given as it stands in a channel's link, with its % escapes, or without them.
 * @throws UsageError saying what it is not.
 */
export function teamIdOf(given: string): string {
  const id = given.replace(/%(3a|40)/gi, (escaped) => decodeURIComponent(escaped))
  if (TEAM_ID.test(id)) return id
  throw new UsageError(
    "--teams must be a team's id such as 19:…@thread.tacv2, which is that of the team's General channel; the groupId of a link is another one",
  )
}

const Tokens = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

/**
 * Newest first; until the same one is put again, the one before it is accepted too. A token belongs to one team: from
 * any other that it was put for by mistake it is taken off, since whoever signs with it counts as the first one found.
 *
 * @throws ProvisioningError saying which step failed and what to do.
 */
export async function putTeamsToken(
  teamId: string,
  [token = '']: readonly string[],
  { client, names, tell }: ChatProvisioning,
): Promise<void> {
  const id = names.teamsKeys
  const held = (await heldIn(client, id, Tokens, 'of team id -> security token')) ?? {}
  const rows = Object.entries(held).map(([team, tokens]): Row => [team, [tokens].flat()])
  const [, [before, ...older] = []] = rows.find(([team]) => team === teamId) ?? []
  const others = rows.filter(([team]) => team !== teamId)
  const strangers = others.filter(([, tokens]) => tokens.includes(token))
  const isNew = before !== token
  if (!isNew && older.length === 0 && strangers.length === 0) {
    return tell(`security token: ${id} holds it already for ${teamId}, and no other`)
  }
  const accepted = isNew && before !== undefined ? [token, before] : [token]
  const left = others.map(([team, tokens]): Row => [team, tokens.filter((each) => each !== token)])
  await putInto(client, id, tableOf([...left, [teamId, accepted]]))
  if (isNew) tell(`security token: put into ${id} for ${teamId}`)
  if (isNew && before !== undefined) {
    tell('security token: the one before it is accepted too, until you put this same one again')
  }
  if (!isNew && older.length > 0) {
    tell(
      `security token: the one before it is dropped from ${id} for ${teamId}; this one alone counts within 5 minutes`,
    )
  }
  for (const [team] of strangers) tell(`security token: taken off ${team}, as it is of ${teamId}`)
}

/** A team's id and its tokens, newest first. */
type Row = readonly [teamId: string, tokens: readonly string[]]

/** As lib/credentials/chat-secrets.ts reads it: a list only where there is more than one. */
function tableOf(rows: readonly Row[]): Readonly<Record<string, string | readonly string[]>> {
  const kept = rows.flatMap(([team, tokens]) => {
    const [only] = tokens
    if (only === undefined) return []
    return [[team, tokens.length === 1 ? only : tokens] as const]
  })
  return Object.fromEntries(kept)
}
