import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sectionOf } from '../../../../infra/constructs/alarms/add-alarms.ts'
import { orgs } from '../../orgs/test-orgs.ts'
import { Synthesized } from '../../synthesized.ts'

/** With chat and jwt it has every alarm that there is. */
const stack = new Synthesized('chat')
const alarms = [...stack.ofType('AWS::CloudWatch::Alarm').values()].map(({ Properties }) => ({
  name: String(Properties['AlarmName']).replace(`genesys-license-${orgs.chat.name}-`, ''),
  description: String(Properties['AlarmDescription']),
}))
const sections = [...new Set(alarms.map(({ name }) => sectionOf(name)))]
const page = join(import.meta.dirname, '../../../../docs/operations.md')
const headings = existsSync(page)
  ? [...readFileSync(page, 'utf8').matchAll(/^#+ +(.*)$/gm)].map(([, heading = '']) => heading)
  : undefined
/** Headings in words of a language are about something else. */
const isName = (heading: string) => /^(?:[A-Z][a-z]+){2,}$/.test(heading)

describe('what an alarm says to whoever is woken', () => {
  it.each(alarms)('$name: what it means, and where the rest is written', ({ name, description }) => {
    const [means = '', link] = description.split('. What to do: ')
    expect(means.length).toBeGreaterThan(30)
    expect(link).toBe(
      `docs/operations.md#${name.replace(/\d+$/, '').toLowerCase()} of genesys-license-gateway`,
    )
    // CloudWatch takes 1,024 characters, and a mail of more than a screen is not read at night.
    expect(description.length).toBeLessThan(500)
  })

  if (headings)
    it('is written: docs/operations.md has a section for each alarm, and each of these is of an alarm', () => {
      const written = headings.filter((heading) => isName(heading) || sections.includes(heading))
      expect(written.sort()).toEqual(sections.sort())
    })
})
