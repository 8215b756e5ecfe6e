/**
 * Secrets. What Secrets Manager keeps comes in; the access token in force and what proves a chat platform go
 * out, and `rotate-token.ts` makes the next token. Start here, with the access token of one container: read
 * once, kept, renewed ahead of its end or when upstream refuses it.
 */
import { type Clock, type Deadline, deadlineBefore } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import type { TokenAccess } from '../genesys/scope.ts'
import type { Middleware } from '../http/chain.ts'
import type { SecretStore, TokenSecret } from './secret-store.ts'

const MINUTE_MS = 60_000

/** The secret is read again this long before the token ends, plus up to as much again, so that containers do not all ask at once. */
const RENEW_AHEAD_MS = 15 * MINUTE_MS

/** Where the secret could not be read again, or held the same token, it is left alone for this long plus jitter. */
const RETRY_LATER_MS = MINUTE_MS

/** A failure is remembered this long, so that a missing secret is not asked for by every request. */
const NEGATIVE_CACHE_MS = 5_000

/** A token refused although its version is younger than this: a rotation would bring the same trouble. */
const YOUNG_VERSION_MS = 10 * MINUTE_MS

/** Between looks at the secret while a rotation is awaited; a rotation takes a few seconds. */
const POLL_MS = 500

/** Kept free of the deadline while waiting for a rotation: time to send the request once more. */
const RESEND_RESERVE_MS = 2_000

interface Held {
  readonly token: TokenSecret
  renewAtMs: number
}

export class AccessTokens {
  readonly #store: SecretStore
  readonly #clock: Clock
  #held: Held | undefined
  #reading: Promise<TokenSecret> | undefined
  #renewing: { readonly refused: string; readonly done: Promise<TokenSecret> } | undefined
  #failure: { readonly error: GatewayError; readonly untilMs: number } | undefined

  constructor(store: SecretStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /**
   * The token in force. Reads the secret at most once a container until renewal is due, however many ask at once.
   *
   * @throws GatewayError `credentials.unavailable` where the secret has no usable token.
   */
  async current(deadline: Deadline): Promise<string> {
    const held = this.#held
    const nowMs = this.#clock.nowMs()
    if (held && nowMs < held.renewAtMs) return held.token.accessToken
    const token =
      held && this.#isInTime(held.token) ? await this.#renewAhead(held, deadline) : await this.#read(deadline)
    // A container may have been frozen meanwhile.
    if (this.#isInTime(token)) return token.accessToken
    return await this.renew(token.accessToken, deadline)
  }

  /**
   * A token other than the one that upstream refused, or that has ended.
   *
   * @throws GatewayError `credentials.unavailable` with retryAfterSeconds where none is to be had in time.
   */
  async renew(refused: string, deadline: Deadline): Promise<string> {
    if (this.#held && this.#isUsable(this.#held.token, refused)) return this.#held.token.accessToken
    if (this.#renewing?.refused !== refused) {
      const done = this.#replace(refused, deadlineBefore(deadline, RESEND_RESERVE_MS)).finally(() => {
        this.#renewing = undefined
      })
      this.#renewing = { refused, done }
    }
    const token = await this.#renewing.done
    if (this.#isUsable(token, refused)) return token.accessToken
    throw unavailable('the token that was found ended before it could be used', 5)
  }

  /** By the wall clock, which its end is given in. */
  #isInTime({ expiresAtMs }: TokenSecret): boolean {
    return this.#clock.nowMs() < expiresAtMs
  }

  #isUsable(token: TokenSecret, refused: string): boolean {
    return token.accessToken !== refused && this.#isInTime(token)
  }

  async #renewAhead(held: Held, deadline: Deadline): Promise<TokenSecret> {
    try {
      const token = await this.#read(deadline)
      if (this.#isUsable(token, held.token.accessToken)) return token
    } catch {
      // The token in hand is still good; the failure shows again, and then counts, when it is not.
    }
    const laterMs = this.#clock.nowMs() + RETRY_LATER_MS * (1 + this.#clock.random())
    held.renewAtMs = Math.min(laterMs, held.token.expiresAtMs)
    this.#held = held
    this.#failure = undefined
    return held.token
  }

  async #replace(refused: string, deadline: Deadline): Promise<TokenSecret> {
    this.#failure = undefined
    const token = await this.#read(deadline)
    if (this.#isUsable(token, refused)) return token
    if (this.#clock.nowMs() - token.createdAtMs < YOUNG_VERSION_MS) {
      throw unavailable(
        'a token made less than 10 minutes ago was refused, or has ended already; rotating again would not help',
        60,
      )
    }
    try {
      await this.#store.askForRotation(deadline)
    } catch (error) {
      throw unavailable('the refused token could not be rotated', 30, error)
    }
    while (deadline.remainingMs() > POLL_MS) {
      await this.#clock.sleep(POLL_MS)
      const next = await this.#read(deadline)
      if (this.#isUsable(next, refused)) return next
    }
    throw unavailable('a rotation is under way and did not end in time', 5)
  }

  /** Reads the secret, once for all who ask meanwhile, and keeps what it finds. */
  async #read(deadline: Deadline): Promise<TokenSecret> {
    if (this.#failure && this.#clock.monotonicMs() < this.#failure.untilMs) throw this.#failure.error
    this.#reading ??= this.#readOnce(deadline).finally(() => {
      this.#reading = undefined
    })
    return await this.#reading
  }

  async #readOnce(deadline: Deadline): Promise<TokenSecret> {
    try {
      const token = await this.#store.read(deadline)
      const ahead = RENEW_AHEAD_MS * (1 + this.#clock.random())
      this.#held = { token, renewAtMs: token.expiresAtMs - ahead }
      this.#failure = undefined
      return token
    } catch (cause) {
      const error = unavailable('the secret has no usable token', Math.ceil(NEGATIVE_CACHE_MS / 1000), cause)
      this.#failure = {
        error,
        untilMs: this.#clock.monotonicMs() + NEGATIVE_CACHE_MS * (1 + this.#clock.random()),
      }
      throw error
    }
  }
}

/** The reason is for the log; a caller only learns that waiting or the operator may help. */
function unavailable(reason: string, retryAfterSeconds: number, cause?: unknown): GatewayError {
  return new GatewayError(
    'credentials.unavailable',
    "The gateway has no usable access token for Genesys; its operator finds the reason in the function's log",
    { retryAfterSeconds, cause: new Error(reason, { cause }) },
  )
}

/**
 * The middleware that every operation's function uses: gives the call the access token in force and the way to
 * renew it. One read of the secret a container, however many first calls come at once.
 *
 * Throws GatewayError `credentials.unavailable` (503) where there is no usable token.
 */
export function accessToken(tokens: AccessTokens): Middleware {
  return {
    async before({ event: call }) {
      call.token = await accessTokenFor(tokens, call.deadline)
    },
  }
}

/** @throws GatewayError `credentials.unavailable` (503) where there is no usable token. */
export async function accessTokenFor(tokens: AccessTokens, deadline: Deadline): Promise<TokenAccess> {
  const token = {
    value: await tokens.current(deadline),
    async renew() {
      token.value = await tokens.renew(token.value, deadline)
    },
  }
  return token
}
