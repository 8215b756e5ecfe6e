/** Where Slack wants a reply posted: Slack's own host and no other, since we call it from inside. */

const SLACK = 'https://hooks.slack.com/'
/** What a URL is written with; no blank, control character or backslash, which parsers read differently. */
const URL_TEXT = /^[!-[\]-~]{1,2000}$/
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}$/

/**
 * @param loopbackOrigin the laptop's stand-in for Slack, such as `http://127.0.0.1:4010`; any other origin counts for
 *   nothing.
 */
export function isResponseUrl(text: string, loopbackOrigin?: string): boolean {
  // The prefix ends the authority: no credentials, no port, no other spelling of the host.
  if (!URL_TEXT.test(text) || !URL.canParse(text)) return false
  if (text.startsWith(SLACK)) return true
  return (
    loopbackOrigin !== undefined && LOOPBACK.test(loopbackOrigin) && text.startsWith(`${loopbackOrigin}/`)
  )
}
