/** The port of chat's audit trail, bound to the log: ids and our own words, never what was typed, no name and no e-mail. */
import type { Asked } from '../../changes/model/header.ts'
import type { Role } from '../../roles.ts'

/** Who wishes for what, as far as it is known. */
export interface Wished {
  /** `none` where it is no delivery at all. */
  readonly deliveryId: string
  readonly platform: Asked['platform']
  /** What the platform calls them; absent where nothing proves who it was. */
  readonly userId?: string | undefined
  /** The org file's key of the person and their role, where it knows them. */
  readonly person?: string | undefined
  readonly role?: Role | undefined
  /** The verb, or what the button does; absent where what was typed is no command. */
  readonly wish?: string | undefined
  /** The change of the button. */
  readonly changeId?: string | undefined
}

/** A message that did not reach everybody it was for by the first way. */
export interface Undelivered {
  /** The delivery that it answers, or the event that it tells of. */
  readonly id: string
  /** In a word or two: `answer`, `end of a change`. */
  readonly what: string
  /** Each way that did not take it, and why. */
  readonly tried: readonly string[]
  /** Whether nobody has got it: else a later way has taken it, or it was told otherwise. */
  readonly isLost: boolean
}

export interface ChatLog {
  /** Somebody of the org file wishes for something; a refusal has a line of its own beside it. */
  noteWish(wished: Wished): void
  noteRefusal(wished: Wished, why: string): void
  /** It could not be done, and they were told so; `error` for the log alone. */
  noteFailure(wished: Wished, error: unknown): void
  noteUndelivered(undelivered: Undelivered): void
}
