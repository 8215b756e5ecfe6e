/** How an answer that stands on record is rendered: its status, whether it is a repeat, and of which change. */

import type { Change } from '../changes/answers/change-schemas.ts'
import { isSettled } from '../changes/model/transitions.ts'
import type { Answered } from '../changes/port.ts'
import { CHANGE_ID_HEADER, OperationAnswer } from '../operation.ts'

/** The IETF draft on Idempotency-Key names no such header; the name is that of the large payment APIs. */
const REPLAYED = { 'idempotent-replayed': 'true' } as const

/** 200, with what the ports answered. */
export function answerFrom<T>({
  value,
  isReplay,
  changeId,
}: Answered<T> & { readonly changeId?: string | undefined }) {
  return new OperationAnswer(value, 200, changeHeadersOf(isReplay, changeId))
}

/** 201 for what this request put on record, 200 for what an earlier one had. */
export function answerCreated<T>({ value, isReplay }: Answered<T>, changeId?: string): OperationAnswer {
  return new OperationAnswer(value, isReplay ? 200 : 201, changeHeadersOf(isReplay, changeId))
}

/** 202 for a list that is yet to be planned. */
export function answerPlanned(planned: Answered<Change>): OperationAnswer {
  const { value, isReplay } = planned
  if (value.state !== 'PLANNING') return answerCreated(planned, value.id)
  return new OperationAnswer(value, 202, changeHeadersOf(isReplay, value.id))
}

/** 200 for a change that has come to its end, 202 for one that goes on or waits. */
export function answerSettled({ value, isReplay }: Answered<Change>): OperationAnswer {
  return new OperationAnswer(value, isSettled(value.state) ? 200 : 202, changeHeadersOf(isReplay, value.id))
}

/** The same of the change that takes another back; that one itself stands for it while it is yet to be made. */
export function answerEnded(answered: Answered<Change>, endedId: string): OperationAnswer {
  const { value, headers, status } = answerSettled(answered)
  return new OperationAnswer(value, answered.value.id === endedId ? 202 : status, headers)
}

/** Of every answer about a change, errors too. */
export function changeHeadersOf(isReplay: boolean, changeId: string | undefined): Record<string, string> {
  return {
    ...(isReplay ? REPLAYED : {}),
    ...(changeId === undefined ? {} : { [CHANGE_ID_HEADER]: changeId }),
  }
}
