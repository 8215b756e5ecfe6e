/** What the page may do in a browser, and how long a copy of it is good. */
import { securityHeaders } from '../../http/security-headers.ts'
import type { PageFile } from './read-page.ts'

/**
 * Looked at anew each time, which is one small request: a page that is older than the API beside it does not know what
 * that has learned. Unlike the API's answers it may be kept: there is nothing in it that is not everybody's.
 */
const CACHED = 'no-cache'

/** Nothing that the page has a use for; a script that got into it would. */
const NO_FEATURES = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']

export const configHeaders = {
  ...securityHeaders,
  'cache-control': CACHED,
  'content-type': 'application/json; charset=utf-8',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const

/** @param connect origins that the page may ask beside its own. */
export function pageHeadersOf(
  { scriptHash, styleHash }: Pick<PageFile, 'scriptHash' | 'styleHash'>,
  connect: readonly string[],
): Readonly<Record<string, string>> {
  return {
    ...securityHeaders,
    'cache-control': CACHED,
    'content-type': 'text/html; charset=utf-8',
    vary: 'accept-encoding',
    'content-security-policy': [
      "default-src 'none'",
      `script-src '${scriptHash}'`,
      `style-src '${styleHash}'`,
      'img-src data:',
      ["connect-src 'self'", ...connect].join(' '),
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': NO_FEATURES.map((feature) => `${feature}=()`).join(', '),
    'referrer-policy': 'no-referrer',
  }
}
