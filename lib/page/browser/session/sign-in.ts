/**
 * Who is signed in. IssuedTokens are in memory alone: whoever comes back, or opens another tab, is sent by way of the provider,
 * which knows them still and asks nothing.
 */
import { type Cell, createCell } from '../shell/cell.ts'
import { authorizationAt, type IssuedTokens, newPending, type Pending, refusalIn } from './authorization.ts'
import { forgetKept, keepDrafts } from './drafts.ts'
import type { PageConfig } from './page-config.ts'

export type SignInStanding =
  | { readonly kind: 'coming' }
  | { readonly kind: 'in' }
  /** The sentence says why, where anybody had been in. */
  | { readonly kind: 'out'; readonly sentence?: string | undefined }

export interface SignIn {
  readonly standing: Cell<SignInStanding>
  /** Once, as the page begins. */
  begin(): Promise<void>
  /** @returns an access token that is good for a while; where none can be had without leaving the page, it is left. */
  token(): Promise<string>
  /** The gateway refused the token: another one, or the sign-in. @returns never where the page is left. */
  renew(refused: string): Promise<string>
  /** Somebody pressed the button. */
  enter(): Promise<void>
  leave(): Promise<void>
}

const PENDING = 'license-page-sign-in'
/** That somebody was in, for the next tab: it holds nothing of theirs. */
const WAS_IN = 'license-page-was-in'

/** So long before its end a token is renewed, milliseconds. */
const AHEAD_MS = 60_000

const ENDED = 'Your sign-in has ended. Sign in again to go on: what you typed is kept.'

/** @param base the page's address, which is also where the provider sends browsers back to. */
export function signInAt(config: PageConfig, base: string): SignIn {
  const authorization = authorizationAt(config, base)
  const standing = createCell<SignInStanding>({ kind: 'coming' })
  let tokens: IssuedTokens | undefined
  let renewing: Promise<string> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function take(taken: IssuedTokens): string {
    tokens = taken
    forgetKept()
    localStorage.setItem(WAS_IN, 'yes')
    clearTimeout(timer)
    if (taken.refreshToken !== undefined && taken.expiresAtMs !== undefined) {
      const waitMs = Math.max(taken.expiresAtMs - Date.now() - AHEAD_MS, AHEAD_MS / 2)
      timer = setTimeout(() => void refreshOnce().catch(() => {}), waitMs)
    }
    standing.set({ kind: 'in' })
    return taken.accessToken
  }

  function showOut(sentence?: string): void {
    clearTimeout(timer)
    tokens = undefined
    standing.set({ kind: 'out', sentence })
  }

  /** Leaves the page; what was typed is kept. */
  async function redirect(isSilent: boolean): Promise<never> {
    const pending = newPending(location.hash, isSilent)
    const address = await authorization.addressOf(pending)
    sessionStorage.setItem(PENDING, JSON.stringify(pending))
    keepDrafts()
    location.assign(address)
    return await new Promise<never>(() => {})
  }

  function refreshOnce(): Promise<string> {
    renewing ??= refresh().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  async function refresh(): Promise<string> {
    if (tokens === undefined) throw new Error('Nobody is signed in.')
    const { refreshToken } = tokens
    if (refreshToken === undefined) return await redirect(true)
    try {
      return take(await authorization.refresh(refreshToken))
    } catch (error) {
      // Without an answer there is nothing to conclude: it is tried again when a token is wanted.
      if (refusalIn(error) === undefined) throw error
      return await redirect(true)
    }
  }

  return {
    standing,
    async begin() {
      const address = new URL(location.href)
      const pending = takePending()
      const isBack = address.searchParams.has('state')
      if (address.search !== '')
        history.replaceState(null, '', base + (isBack ? (pending?.hash ?? '') : address.hash))
      address.hash = ''
      const wasIn = localStorage.getItem(WAS_IN) !== null
      if (!isBack || pending === undefined) {
        if (!wasIn) return showOut()
        return await redirect(true).catch((error) => showOut(sentenceFor(error)))
      }
      try {
        take(await authorization.redeem(address, pending))
      } catch (error) {
        localStorage.removeItem(WAS_IN)
        showOut(
          pending.isSilent && refusalIn(error) !== undefined
            ? wasIn
              ? ENDED
              : undefined
            : sentenceFor(error),
        )
      }
    },
    async token() {
      if (tokens === undefined) return await refreshOnce()
      const { accessToken, expiresAtMs = Number.POSITIVE_INFINITY } = tokens
      return expiresAtMs > Date.now() + AHEAD_MS / 6 ? accessToken : await refreshOnce()
    },
    async renew(refused) {
      const known = tokens?.accessToken
      return known !== undefined && known !== refused ? known : await refreshOnce()
    },
    async enter() {
      standing.set({ kind: 'coming' })
      await redirect(false).catch((error) => showOut(sentenceFor(error)))
    },
    async leave() {
      const { idToken } = tokens ?? {}
      localStorage.removeItem(WAS_IN)
      forgetKept()
      showOut('You have signed out.')
      const address = await authorization.signOutAddress(idToken).catch(() => undefined)
      if (address) location.assign(address)
    },
  }
}

function takePending(): Pending | undefined {
  const kept = sessionStorage.getItem(PENDING)
  sessionStorage.removeItem(PENDING)
  return kept === null ? undefined : (JSON.parse(kept) as Pending)
}

function sentenceFor(error: unknown): string {
  const refusal = refusalIn(error)
  if (refusal === 'access_denied')
    return 'The identity provider did not let you in. Ask whoever runs the gateway.'
  if (refusal !== undefined) return `The identity provider refused the sign-in (${refusal}). Try again.`
  if (error instanceof TypeError)
    return 'The identity provider does not answer. Look at your connection, then try again.'
  return 'The sign-in did not work. Try again; if it goes on, tell whoever runs the gateway.'
}
