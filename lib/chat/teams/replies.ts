/** What Teams' webhook answers by itself. */
import type { Reply } from '../conversation/words/reply.ts'

/** @param isPosted whether the org file says where late results of this channel are posted. */
export function accepted(deliveryId: string, isPosted: boolean): Reply {
  return {
    title: 'Accepted: this takes a little longer',
    tone: 'info',
    parts: [
      {
        kind: 'text',
        text: isPosted
          ? 'The result comes to this channel.'
          : 'The result cannot be posted to this channel: type "changes" in a moment to see it.',
      },
      id(deliveryId),
    ],
    isPrivate: false,
  }
}

export function notDone(): Reply {
  return {
    title: 'Something went wrong on our side: nothing was done',
    tone: 'bad',
    parts: [{ kind: 'text', text: 'Please try again in a minute.' }],
    isPrivate: false,
  }
}

export function brokenOff(deliveryId: string): Reply {
  return {
    title: 'Something went wrong on our side',
    tone: 'bad',
    parts: [
      {
        kind: 'text',
        text: 'If you asked for a change, type "changes" to see whether it was recorded before you try again.',
      },
      id(deliveryId),
    ],
    isPrivate: false,
  }
}

function id(deliveryId: string) {
  return { kind: 'note', text: `id ${deliveryId}` } as const
}
