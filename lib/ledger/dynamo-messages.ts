/** Where approvers were asked about a change: items beside its header, put once and read by their names. */
import * as z from 'zod/mini'
import type { AskedMessage, Ledger } from '../changes/record/ledger.ts'
import { messageKey } from './table/keys.ts'
import { absent, type Store } from './table/store.ts'

const Stored = z.object({ schema: z.literal(1), channelId: z.string(), ts: z.string() })

export function messages(store: Store): Pick<Ledger, 'addMessage' | 'messages'> {
  return {
    async addMessage(changeId, of, { channelId, ts }) {
      await store.put({ ...messageKey(changeId, of), schema: 1, channelId, ts }, absent)
    },

    async messages(changeId) {
      const found: AskedMessage[] = []
      for (const about of ['request', 'reminder']) {
        const { data } = Stored.safeParse(await store.get(messageKey(changeId, about)))
        if (data) found.push({ channelId: data.channelId, ts: data.ts })
      }
      return found
    },
  }
}
