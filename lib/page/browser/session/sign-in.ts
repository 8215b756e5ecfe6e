/**
 * Who is signed in. IssuedTokens are in memory alone: whoever comes back, or opens another tab, is sent by way of the provider,
 * which knows them still and asks nothing.
 */
import { ToldError } from '../api/problems.ts'
import { type Cell, createCell } from '../shell/cell.ts'
import { authorizationAt, type IssuedTokens, newPending, type Pending, refusalIn } from './authorization.ts'
import { dropKept, keepText, readKept } from './browser-store.ts'
import { claimDrafts, forgetDrafts, hasKeptWords, keepDrafts, keptOwner } from './drafts.ts'
import type { PageConfig } from './page-config.ts'
import { sentenceForSignIn } from './sign-in-sentences.ts'

export type SignInStanding =
  | { readonly kind: 'coming' }
  | { readonly kind: 'in' }
  /** The sentence says why, where anybody had been in. */
  | { readonly kind: 'out'; readonly sentence?: string | undefined }

export interface SignIn {
  readonly standing: Cell<SignInStanding>
  /** Once, as the page begins. */
  begin(): Promise<void>
  /** @returns an access token that is good for a while; where none can be had without leaving the page, it is left. @throws ToldError */
  token(): Promise<string>
  /** The gateway refused the token: another one, or the sign-in. @throws ToldError */
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

/** Sooner after coming back for another token than this, yet another one helps nobody. Milliseconds. */
const IN_VAIN_MS = 30_000

/** A page that has not been left by then is not being left: somebody has stopped it. Milliseconds. */
const LEFT_WITHIN_MS = 20_000

const ENDED = 'Your sign-in has ended. Sign in again to go on'
const OTHER =
  'Somebody else has signed in at the identity provider since. What was typed here is gone, as it was not theirs. Sign in to go on as whoever is known there now.'
const REFUSED =
  'The gateway does not take your sign-in, and another one has not helped. Tell whoever runs the gateway.'
const TOO_SHORT =
  'The identity provider’s tokens end within seconds, which is too short to work with. Tell whoever runs the gateway.'
const KNOWN_STILL = 'The identity provider may know you still: sign out there too, or close the browser.'

/** @param base the page's address, which is also where the provider sends browsers back to. */
export function signInAt(config: PageConfig, base: string): SignIn {
  const authorization = authorizationAt(config, base)
  const standing = createCell<SignInStanding>({ kind: 'coming' })
  /** Whoever signs out in one tab is out in all of them. */
  const tabs = new BroadcastChannel(`license-page ${base}`)
  let tokens: IssuedTokens | undefined
  let renewing: Promise<string> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  /** When the browser came back from the provider with another token, epoch milliseconds. */
  let renewedAtMs = Number.NEGATIVE_INFINITY

  function take(taken: IssuedTokens): string {
    tokens = taken
    claimDrafts(taken.subject)
    keepText('all-tabs', WAS_IN, 'yes')
    clearTimeout(timer)
    if (taken.refreshToken !== undefined && taken.expiresAtMs !== undefined) {
      const waitMs = Math.max(taken.expiresAtMs - Date.now() - AHEAD_MS, AHEAD_MS / 2)
      timer = setTimeout(() => void refreshOnce(TOO_SHORT).catch(() => {}), waitMs)
    }
    standing.set({ kind: 'in' })
    return taken.accessToken
  }

  function showOut(sentence?: string): void {
    clearTimeout(timer)
    tokens = undefined
    standing.set({ kind: 'out', sentence })
  }

  function forget(sentence: string): void {
    forgetDrafts()
    showOut(sentence)
  }

  /** Leaves the page, which keeps what was typed. @throws ToldError where it is not left after all. */
  async function redirect(pending: Pending): Promise<never> {
    const before = tokens
    const address = await authorization.addressOf(pending)
    if (tokens !== before) throw new ToldError(ENDED)
    if (!keepText('tab', PENDING, JSON.stringify(pending))) {
      throw new ToldError(
        'This browser is set to keep nothing for this page, which signing in takes. Allow it to, then try again.',
      )
    }
    // What asks nobody is no place to go back to.
    if (pending.isSilent) location.replace(address)
    else location.assign(address)
    return await untilStopped()
  }

  function refreshOnce(inVain: string): Promise<string> {
    renewing ??= refresh(inVain)
      .catch((error: unknown) => {
        throw new ToldError(sentenceForSignIn(error), { cause: error })
      })
      .finally(() => {
        renewing = undefined
      })
    return renewing
  }

  /** @param inVain what is told where another token came just now, and is no better. */
  async function refresh(inVain: string): Promise<string> {
    const before = tokens
    if (before === undefined) throw new ToldError(`${ENDED}.`)
    const { refreshToken, subject } = before
    if (refreshToken !== undefined) {
      const answered = await authorization.refresh(refreshToken).catch((error: unknown) => {
        // Without an answer there is nothing to conclude: it is tried again when a token is wanted.
        if (refusalIn(error) === undefined) throw error
        return undefined
      })
      // Whoever has signed out meanwhile is out.
      if (tokens !== before) throw new ToldError(`${ENDED}.`)
      if (answered !== undefined) return take({ ...answered, subject })
    }
    if (Date.now() - renewedAtMs < IN_VAIN_MS) {
      showOut(inVain)
      throw new ToldError(inVain)
    }
    return await redirect(newPending(location.hash, { isSilent: true, renews: subject }))
  }

  async function comeBack(address: URL, pending: Pending, wasIn: boolean): Promise<void> {
    const former = pending.renews ?? keptOwner()
    try {
      const taken = await authorization.redeem(address, pending)
      if (pending.isSilent && former !== undefined && former !== taken.subject) return forget(OTHER)
      if (pending.renews !== undefined) renewedAtMs = Date.now()
      take(taken)
    } catch (error) {
      dropKept('all-tabs', WAS_IN)
      const isUnknown = pending.isSilent && refusalIn(error) !== undefined
      if (!isUnknown) return showOut(sentenceForSignIn(error))
      showOut(wasIn ? `${ENDED}${hasKeptWords() ? ': what you typed is kept' : ''}.` : undefined)
    }
  }

  return {
    standing,
    async begin() {
      addEventListener('pagehide', keepDrafts)
      tabs.addEventListener('message', () => {
        if (tokens !== undefined) forget('You have signed out in another tab.')
      })
      const address = new URL(location.href)
      const pending = takePending()
      const isBack = address.searchParams.has('state')
      if (address.search !== '')
        history.replaceState(null, '', base + (isBack ? (pending?.hash ?? '') : address.hash))
      address.hash = ''
      const wasIn = readKept('all-tabs', WAS_IN) !== undefined
      if (isBack && pending !== undefined) return await comeBack(address, pending, wasIn)
      if (!wasIn) return showOut()
      await redirect(newPending(location.hash, { isSilent: true })).catch((error) =>
        showOut(sentenceForSignIn(error)),
      )
    },
    async token() {
      if (tokens === undefined) return await refreshOnce(TOO_SHORT)
      const { accessToken, expiresAtMs = Number.POSITIVE_INFINITY } = tokens
      return expiresAtMs > Date.now() + AHEAD_MS / 6 ? accessToken : await refreshOnce(TOO_SHORT)
    },
    async renew(refused) {
      const known = tokens?.accessToken
      return known !== undefined && known !== refused ? known : await refreshOnce(REFUSED)
    },
    async enter() {
      standing.set({ kind: 'coming' })
      await redirect(newPending(location.hash, { isSilent: false })).catch((error) =>
        showOut(sentenceForSignIn(error)),
      )
    },
    async leave() {
      const { idToken } = tokens ?? {}
      dropKept('all-tabs', WAS_IN)
      tabs.postMessage('left')
      forget('You have signed out.')
      const address = await authorization.signOutAddress(idToken).catch(() => undefined)
      // Whoever signs in again meanwhile is on their way already.
      if (standing.get().kind !== 'out') return
      if (address) location.assign(address)
      else showOut(`You have signed out of this page. ${KNOWN_STILL}`)
    },
  }
}

/** The page is being left. @throws ToldError once it is clear that it is not, or somebody has come back to it as it was. */
function untilStopped(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      removeEventListener('pageshow', look)
      reject(new ToldError('The way to the identity provider was broken off. Try again.'))
    }
    const look = ({ persisted }: PageTransitionEvent) => {
      if (persisted) stop()
    }
    const timer = setTimeout(stop, LEFT_WITHIN_MS)
    addEventListener('pageshow', look)
  })
}

function takePending(): Pending | undefined {
  const kept = readKept('tab', PENDING)
  dropKept('tab', PENDING)
  try {
    return kept === undefined ? undefined : (JSON.parse(kept) as Pending)
  } catch {
    return undefined
  }
}
