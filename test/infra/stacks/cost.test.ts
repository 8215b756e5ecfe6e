import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CostedTemplate, CPU_MS, costPage } from '../../../infra/docs/cost/cost-page.ts'
import { costedTemplate } from '../../../infra/docs/cost/costed-stack.ts'
import { prices } from '../../../infra/docs/cost/prices.ts'

const docs = join(import.meta.dirname, '../../../docs')
const template = costedTemplate()
const rowOf = (page: string, start: string) => {
  const line = page.split('\n').find((each) => each.startsWith(`| ${start}`))
  return (line ?? '')
    .split('|')
    .map((cell) => cell.trim())
    .slice(1, -1)
}

/** The same template with other resources beside its own. */
function withMore(resources: CostedTemplate['Resources']): CostedTemplate {
  return { Resources: { ...template.Resources, ...resources } }
}

describe('docs/cost.md', () => {
  it('is what npm run docs writes', () => {
    expect(readFileSync(join(docs, 'cost.md'), 'utf8')).toBe(costPage(template))
  })

  it('counts each metric of an alarm, each web ACL and its rules, and each secret', () => {
    const [before, after] = [
      template,
      withMore({
        Plain: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'x' } },
        Sum: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: { Metrics: [{ Expression: 'a + b' }, { MetricStat: {} }, { MetricStat: {} }] },
        },
        Acl: { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: [{}, {}, {}] } },
        Secret: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
      }),
    ].map((each) => costPage(each))
    const more = (start: string) =>
      Number(rowOf(after ?? '', start)[1]) - Number(rowOf(before ?? '', start)[1])
    expect([more('web ACLs'), more('rules in them'), more('secrets')]).toEqual([1, 3, 1])
    const metrics = (page = '') => Number(page.match(/^\| metrics that \d+ alarms look at \| (\d+) /m)?.[1])
    expect(metrics(after) - metrics(before)).toBe(3)
  })

  it('sums what it lists', () => {
    const page = readFileSync(join(docs, 'cost.md'), 'utf8')
    const [idle = ''] = page.split('## A thousand')
    const cells = [...idle.matchAll(/^\| .* \| [\d,]+ \| ([\d.]+) \|$/gm)].map(([, usd]) => Number(usd))
    const [, together] = idle.match(/\| together \| \| \*\*([\d.]+)\*\*/) ?? []
    expect(cells.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(Number(together), 1)
  })

  it('takes the CPU time that docs/performance.md has, give or take half', () => {
    const page = readFileSync(join(docs, 'performance.md'), 'utf8')
    const measuredMs = (row: string) =>
      Number(page.match(new RegExp(`^\\| ${row}[^|]*\\| ([\\d,.]+) µs`, 'm'))?.[1]) / 1_000
    for (const [name, row] of [
      ['read', 'CPU of a warm read, against bare'],
      ['write', 'CPU of a warm POST /api/v2/license/organization of one pair'],
      ['webhook', "CPU of a warm acknowledgement of Slack's webhook"],
    ] as const) {
      expect(measuredMs(row) / CPU_MS[name]).toBeGreaterThan(0.5)
      expect(measuredMs(row) / CPU_MS[name]).toBeLessThan(1.5)
    }
  })

  it('says of every price what it is for and where it was read', () => {
    for (const { usd, per, source } of Object.values(prices)) {
      expect(usd).toBeGreaterThan(0)
      expect(per).toBeGreaterThanOrEqual(1)
      expect(source.length).toBeGreaterThan(10)
    }
  })
})
