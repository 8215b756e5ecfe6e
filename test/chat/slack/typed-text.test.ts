import { describe, expect, it } from 'vitest'
import { parseLine } from '../../../lib/chat/grammar/parse.ts'
import { readSlackText } from '../../../lib/chat/slack/typed-text.ts'

describe("Slack's text", () => {
  it.each([
    ['user <@U123ABC>', 'user @{U123ABC}'],
    ['user <@U123ABC|ana" until 18:00>', 'user @{U123ABC}'],
    ['user <mailto:ana@example.com|ana@example.com>', 'user ana@example.com'],
    ['user <mailto:ana@example.com?subject=x|somebody@else.example>', 'user ana@example.com'],
    ['because <https://example.com/a?b=1&amp;c=2>', 'because https://example.com/a?b=1&c=2'],
    ['because <https://example.com|the ticket>', 'because https://example.com'],
    ['toggle <http://routing.io|routing.io> on', 'toggle routing.io on'],
    ['because <tel:+491234|+49 1234>', 'because +491234'],
    ['because <#C1|general> and <#C2>', 'because #general and #C2'],
    ['because <!here> <!subteam^S1|@team> <!date^1^{date}|today>', 'because @here @team today'],
    ['because a &lt; b &amp;&amp; c &gt; d', 'because a < b && c > d'],
    ['because &amp;lt;', 'because &lt;'],
    ['user &lt;@U123ABC&gt;', 'user <@U123ABC>'],
    ['because a < b', 'because a < b'],
    ['because <whatever>', 'because <whatever>'],
    ['because &quot;&#39;', 'because &quot;&#39;'],
  ])('%s is %s', (text, typed) => {
    expect(readSlackText(text)).toBe(typed)
  })

  it('that spells a mention without being one names nobody', () => {
    expect(parseLine(readSlackText('user &lt;@U123ABC&gt;'))).toMatchObject({ misunderstood: {} })
  })
})
