/** What Teams' webhook answers by itself. */
import type { Reply } from '../conversation/words/reply.ts'

/** @param isPosted whether the org file says where late results of this channel are posted. */
export function explainLate(deliveryId: string, isPosted: boolean): Reply {
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
      idNoteOf(deliveryId),
    ],
    isPrivate: false,
  }
}

export function explainNotDone(): Reply {
  return {
    title: 'Something went wrong on our side: nothing was done',
    tone: 'bad',
    parts: [{ kind: 'text', text: 'Please try again in a minute.' }],
    isPrivate: false,
  }
}

export function explainLost(deliveryId: string): Reply {
  return {
    title: 'Something went wrong on our side',
    tone: 'bad',
    parts: [
      {
        kind: 'text',
        text: 'If you asked for a change, type "changes" to see whether it was recorded before you try again.',
      },
      idNoteOf(deliveryId),
    ],
    isPrivate: false,
  }
}

function idNoteOf(deliveryId: string) {
  return { kind: 'note', text: `id ${deliveryId}` } as const
}
