/** What the laptop's identity provider shows: who signs in, that somebody is signed out, and what went wrong. */
import { createHash } from 'node:crypto'
import type { Role } from '../../../lib/roles.ts'
import { html, Markup, quoted } from '../../../lib/seats/page/markup.ts'
import type { SignInPerson } from './people.ts'

/** Colours come in pairs, light and dark; every pair of text and ground has a contrast of 4.5 or more. */
const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
* { box-sizing: border-box; margin: 0 }
body { min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: light-dark(#f4f5f7, #0e1116); color: light-dark(#1a1f27, #e6e9ee) }
main { width: min(26rem, 100%); padding: 1.5rem; display: grid; gap: 1rem; background: light-dark(#fff, #161a21); border: 1px solid light-dark(#dde1e7, #2b323d); border-radius: .75rem }
h1 { font-size: 1.4rem; line-height: 1.25 }
p, span { color: light-dark(#5a6472, #9ba6b5); overflow-wrap: anywhere }
ul { list-style: none; padding: 0; display: grid; gap: .5rem }
a, button { color: light-dark(#1f5fd0, #7fb0ff) }
li a { display: block; padding: .75rem 1rem; border: 1px solid light-dark(#7b8594, #6b7686); border-radius: .5rem; text-decoration: none }
li a:hover { border-color: currentcolor; background: light-dark(#f8f9fb, #1c212a) }
strong, span { display: block }
strong { overflow-wrap: anywhere }
button { font: inherit; font-weight: 600; width: 100%; padding: .75rem 1rem; border: 1px solid; border-radius: .5rem; background: none; cursor: pointer }
:focus-visible { outline: 3px solid light-dark(#1f5fd0, #7fb0ff); outline-offset: 2px }
`

/** The provider wants the browser to post, so that no link can sign anybody out. */
const SUBMIT = 'document.forms[0].submit()'

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** oidc-provider adds the hash of a script of its own to it where it has one. */
export const CONTENT_POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; img-src data:; script-src ${hashOf(SUBMIT)}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

function pageOf(title: string, main: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · License gateway</title>
<link rel="icon" href="data:,">
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`.text
}

const mayDo: Readonly<Record<Role, string>> = {
  viewer: 'May look at everything, and change nothing',
  operator: 'May also ask for changes',
  approver: 'May also approve what others ask for',
}

/** @param path of this sign-in; a role behind it chooses. */
export function signInPage(people: readonly SignInPerson[], path: string): string {
  return pageOf(
    'Who signs in?',
    html`<p>This gateway runs on your own machine, and asks for no password. Where it is deployed, your company’s sign-in stands here.</p>
<ul>
${people.map(
  ({ role, name }) => html`<li><a href="${path}/${role}"><strong>${quoted(name)}, ${role}</strong>
<span>${mayDo[role]}</span></a></li>
`,
)}</ul>
<p><a href="${path}/nobody">Go back without signing in</a></p>`,
  )
}

export interface SigningOut {
  readonly gateway: string
  /** Whether it was the page that asked, and not a link that anybody could have made: then nobody is asked again. */
  readonly isAsked: boolean
}

/** @param form of the provider's own, `op.logoutForm`. */
export function signOutPage(form: string, { gateway, isAsked }: SigningOut): string {
  return pageOf(
    'Sign out?',
    html`${new Markup(form.replace('</form>', '<input type="hidden" name="logout" value="yes"></form>'))}
<button type="submit" form="op.logoutForm">Sign out</button>
${isAsked ? html`<script>${new Markup(SUBMIT)}</script>` : html`<p><a href="${gateway}/">Stay signed in</a></p>`}`,
  )
}

export function signedOutPage(gateway: string): string {
  return pageOf('You are signed out', html`<p><a href="${gateway}/">Sign in again</a></p>`)
}

export interface WentWrong {
  readonly gateway: string
  /** As OAuth has it, such as `invalid_client`; without one, it is a sign-in that is over. */
  readonly error?: string
  readonly description?: string | undefined
}

export function errorPage({ gateway, error, description }: WentWrong): string {
  const isOver = error === undefined
  return pageOf(
    isOver ? 'This sign-in is over' : 'This sign-in does not work',
    html`<p>${isOver ? 'It was finished, or the gateway was started anew since.' : `${description ?? 'The request is not one that can be answered'} (${error}).`}</p>
<p><a href="${gateway}/">Begin again</a></p>`,
  )
}
