/** The form in which Slack posts slash commands and button presses. */

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;\s*charset\s*=\s*("utf-?8"|utf-?8)\s*)?$/i

/** Fields of one form: Slack's own have twenty at most. */
const MAX_FIELDS = 100
const AMPERSAND = 0x26

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @returns undefined for bytes or a media type that are no form, and for one of more fields than any of Slack's. */
export function formOf(rawBody: Uint8Array, contentType: string | undefined): URLSearchParams | undefined {
  if (!FORM_TYPE.test(contentType ?? '')) return undefined
  let fields = 1
  for (const byte of rawBody) if (byte === AMPERSAND) fields += 1
  if (fields > MAX_FIELDS) return undefined
  try {
    return new URLSearchParams(utf8.decode(rawBody))
  } catch {
    return undefined
  }
}

/** Of fields of these names that come twice; which of the two counts is nothing to guess. */
export function hasTwice(form: URLSearchParams, names: readonly string[]): boolean {
  return names.some((name) => form.getAll(name).length > 1)
}

/** The longest of Slack's looks at our certificate, in bytes: two fields. */
const MAX_SSL_CHECK_BYTES = 500

/**
 * Slack's look at whether our certificate is sound. It is answered 200 and empty, unsigned as it may be: so it is not
 * read as a form, which waits for the signature.
 */
export function isSslCheck(rawBody: Uint8Array, contentType: string | undefined): boolean {
  if (rawBody.length > MAX_SSL_CHECK_BYTES || !FORM_TYPE.test(contentType ?? '')) return false
  const checks = Buffer.from(rawBody)
    .toString('latin1')
    .split('&')
    .filter((field) => field.startsWith('ssl_check='))
  return checks.length === 1 && checks[0] === 'ssl_check=1'
}
