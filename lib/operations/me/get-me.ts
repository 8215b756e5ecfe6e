import { Me } from '../../changes/answers/decision-schemas.ts'
import { defineOperation } from '../../operation.ts'
import { noPermission } from '../permissions.ts'

export const getMe = defineOperation({
  id: 'getMe',
  method: 'GET',
  path: '/v1/me',
  summary: 'Who you are to the gateway, and which operations your role includes',
  description:
    'As the token and the org file have you: `person` or `tool` is the name that the org file knows you by, with its `email` and `timeZone`, and `tools` are those that you own. Where requests are signed, the IAM policy decides what you may do: `role` and `operations` are absent then, as is whatever else nobody has told.',
  effect: 'record',
  role: 'viewer',
  params: {},
  response: Me,
  permissions: noPermission,
  run: ({ records, operationsOf }) => {
    const me = records.me()
    return { ...me, operations: me.role && operationsOf?.(me.role) }
  },
})
