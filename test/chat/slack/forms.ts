/** Bodies as Slack posts them, and the same with something changed. */

export const formType = 'application/x-www-form-urlencoded'

export const command = {
  token: 'gIkuvaNzQIHg97ATvDxqgjtO',
  team_id: 'T1DC2JH3J',
  team_domain: 'example',
  enterprise_id: 'E0001',
  enterprise_name: 'Example',
  api_app_id: 'A123456',
  channel_id: 'C2147483705',
  channel_name: 'licenses',
  user_id: 'U2147483697',
  user_name: 'ana',
  command: '/license',
  text: 'user ana@example.com',
  response_url: 'https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN',
  trigger_id: '398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
}

export const action = { do: 'apply', changeId: '0123456789abcdefghjk', digest: 'a'.repeat(64) } as const

export const press = {
  type: 'block_actions',
  user: { id: 'U2147483697', username: 'ana', team_id: 'T1DC2JH3J' },
  api_app_id: 'A123456',
  token: 'gIkuvaNzQIHg97ATvDxqgjtO',
  container: {
    type: 'message',
    message_ts: '1548261231.000200',
    channel_id: 'C2147483705',
    is_ephemeral: false,
  },
  trigger_id: '12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3',
  team: { id: 'T1DC2JH3J', domain: 'example', enterprise_id: 'E0001' },
  enterprise: { id: 'E0001', name: 'Example' },
  channel: { id: 'C2147483705', name: 'licenses' },
  message: { type: 'message', ts: '1548261231.000200', text: 'Give cloudCX3 to Ana?' },
  response_url: 'https://hooks.slack.com/actions/T1DC2JH3J/1232321423432/D09sSasdasdAS9091209',
  actions: [{ action_id: 'apply-0', block_id: '=qXel', type: 'button', value: JSON.stringify(action) }],
}

/** @param fields those that are undefined are left out. */
export function formBody(fields: Readonly<Record<string, string | undefined>>): Uint8Array {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value)
  return Buffer.from(form.toString())
}

export function payloadBody(payload: unknown): Uint8Array {
  return formBody({ payload: JSON.stringify(payload) })
}
