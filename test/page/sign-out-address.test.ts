/** Where the page sends a browser that signs out. */
import { expect, it } from 'vitest'
import { signOutAddressOf } from '../../lib/page/browser/session/sign-out-address.ts'

const PAGE = 'https://api.example.com/live/'
const clientId = 'license-page'
const pool = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf'
const domain = 'https://example.auth.eu-central-1.amazoncognito.com'
const places = { authorization_endpoint: `${domain}/oauth2/authorize` }
const ofCognito = `${domain}/logout?client_id=license-page&logout_uri=https%3A%2F%2Fapi.example.com%2Flive%2F`

it.each([
  [
    'https://id.example.com',
    { end_session_endpoint: 'https://id.example.com/end?tenant=a' },
    'https://id.example.com/end?tenant=a&client_id=license-page&post_logout_redirect_uri=https%3A%2F%2Fapi.example.com%2Flive%2F&id_token_hint=token',
  ],
  ['https://id.example.com', places, undefined],
  [pool, { ...places, end_session_endpoint: `${domain}/logout` }, ofCognito],
  [pool, places, ofCognito],
])('a browser signs out from %s with %j at %s', (issuer, server, address) => {
  expect(signOutAddressOf(server, { issuer, clientId }, PAGE, 'token')?.href).toBe(address)
})
