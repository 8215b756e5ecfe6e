/** The form in which Slack posts slash commands and button presses. */

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;\s*charset\s*=\s*("utf-?8"|utf-?8)\s*)?$/i

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @returns undefined for bytes or a media type that are no form. */
export function formOf(rawBody: Uint8Array, contentType: string | undefined): URLSearchParams | undefined {
  if (!FORM_TYPE.test(contentType ?? '')) return undefined
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

/** Slack's look at whether our certificate is sound. It is answered 200 and empty, unsigned as it may be. */
export function isSslCheck(rawBody: Uint8Array, contentType: string | undefined): boolean {
  const values = formOf(rawBody, contentType)?.getAll('ssl_check')
  return values?.length === 1 && values[0] === '1'
}
