import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { METRIC_DIMENSION, METRIC_NAMESPACE, metricNames } from '../../../../lib/observe/metric-names.ts'
import { at, flat, listOf, Synthesized } from '../../synthesized.ts'

/** A dashboard's body as CloudWatch's API reference has it, "Dashboard Body Structure and Syntax": what we use of it, and nothing else. */
const place = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1).max(1000),
}
const axis = z.strictObject({ label: z.string(), min: z.number(), showUnits: z.boolean() })
const options = z.strictObject({
  label: z.string().optional(),
  stat: z
    .string()
    .regex(/^(?:Sum|Maximum|p\d{2})$/)
    .optional(),
  period: z.int().multipleOf(60).optional(),
  yAxis: z.enum(['left', 'right']).optional(),
})
/** Namespace, name, then pairs of a dimension's name and value, then options. */
const metric = z.array(z.union([z.string(), options])).refine((parts) => {
  const names = parts.filter((part) => typeof part === 'string')
  return (
    names.length >= 2 &&
    names.length % 2 === 0 &&
    parts.slice(0, names.length).every((part) => typeof part === 'string')
  )
})
const graph = z.strictObject({
  view: z.literal('timeSeries'),
  title: z.string(),
  region: z.literal('<AWS::Region>'),
  stacked: z.boolean().optional(),
  metrics: z.array(metric).min(1).max(500),
  yAxis: z.strictObject({ left: axis, right: axis.optional() }),
  annotations: z
    .strictObject({
      horizontal: z.array(
        z.strictObject({ value: z.number(), label: z.string(), yAxis: z.enum(['left', 'right']) }),
      ),
    })
    .optional(),
})
const body = z.strictObject({
  start: z.string().regex(/^-P(?:T\d+H|\d+D)$/),
  widgets: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          ...place,
          type: z.literal('text'),
          properties: z.strictObject({ markdown: z.string(), background: z.enum(['solid', 'transparent']) }),
        }),
        z.strictObject({
          ...place,
          type: z.literal('alarm'),
          properties: z.strictObject({ title: z.string(), alarms: z.array(z.string()).min(1).max(100) }),
        }),
        z.strictObject({ ...place, type: z.literal('metric'), properties: graph }),
      ]),
    )
    .min(1)
    .max(500),
})

function boardOf(stack: Synthesized) {
  const text = flat(stack.only('AWS::CloudWatch::Dashboard').Properties['DashboardBody'])
  return body.parse(JSON.parse(text))
}

/** Namespace, name and dimensions of every metric that is shown. */
function shownOn(stack: Synthesized) {
  return boardOf(stack).widgets.flatMap((widget) =>
    widget.type === 'metric'
      ? widget.properties.metrics.map((parts) => {
          const [namespace = '', name = '', ...dimensions] = parts.filter((part) => typeof part === 'string')
          return { namespace, name, dimensions }
        })
      : [],
  )
}

const stack = new Synthesized('chat')
const filtered = (of: Synthesized) =>
  [...of.ofType('AWS::Logs::MetricFilter').values()].map(({ Properties }) =>
    String(at(Properties, 'MetricTransformations', 0, 'MetricName')),
  )

describe.each(['chat', 'iamPrivate'] as const)('the dashboard of %s', (kind) => {
  const own = new Synthesized(kind)

  it('has the form that CloudWatch asks for, and nothing lies on anything else', () => {
    const taken = new Set<string>()
    for (const { x, y, width, height } of boardOf(own).widgets) {
      expect(x + width).toBeLessThanOrEqual(24)
      for (let column = x; column < x + width; column++)
        for (let line = y; line < y + height; line++) {
          expect(taken).not.toContain(`${column}/${line}`)
          taken.add(`${column}/${line}`)
        }
    }
  })

  it('shows metrics of this stack that something of it puts, and each by its one dimension', () => {
    const put = new Set<string>([...Object.values(metricNames), ...filtered(own)])
    const ours = shownOn(own).filter(({ namespace }) => namespace === METRIC_NAMESPACE)
    const stackName = own.stack.stackName
    for (const { name, dimensions } of ours)
      expect([put.has(name) && name, ...dimensions]).toEqual([name, METRIC_DIMENSION, stackName])
  })

  it('shows every alarm', () => {
    const alarms = boardOf(own).widgets.flatMap((widget) =>
      widget.type === 'alarm' ? widget.properties.alarms : [],
    )
    expect(alarms.sort()).toEqual(
      [...own.ofType('AWS::CloudWatch::Alarm').keys()].map((id) => `<${id}>`).sort(),
    )
  })
})

describe('the dashboard', () => {
  it('shows every metric that the code knows, and every one made of logs', () => {
    const shown = new Set(shownOn(stack).map(({ name }) => name))
    for (const name of [...Object.values(metricNames), ...filtered(stack)]) expect(shown).toContain(name)
  })

  it('shows no metric whose name is declared and that nothing puts', () => {
    const lib = join(import.meta.dirname, '../../../../lib')
    const files = globSync('**/*.ts', { cwd: lib }).map((file) => readFileSync(join(lib, file), 'utf8'))
    const used = new Set(
      files.flatMap((text) => [...text.matchAll(/metricNames\.(\w+)/g)].map(([, name]) => name)),
    )
    expect([...used].sort()).toEqual(Object.keys(metricNames).sort())
  })

  it('shows errors and throttles of every function, both APIs and all queues', () => {
    const of = (namespace: string, name: string) =>
      shownOn(stack).filter((each) => each.namespace === namespace && each.name === name)
    const lambdas = [...stack.ofType('AWS::Lambda::Function').keys()].map((id) => `<${id}>`).sort()
    for (const name of ['Errors', 'Throttles'])
      expect(
        of('AWS/Lambda', name)
          .map(({ dimensions }) => dimensions[1])
          .sort(),
      ).toEqual(lambdas)
    // By API and stage: by method they exist only where the stage pays for them.
    for (const name of ['Count', '4XXError', '5XXError', 'Latency'])
      for (const { dimensions } of of('AWS/ApiGateway', name))
        expect(dimensions).toEqual([
          'ApiName',
          expect.stringMatching(/^genesys-license-talk(?:-chat)?$/),
          'Stage',
          expect.stringMatching(/^<\w+Stagelive\w+>$/),
        ])
    expect(of('AWS/ApiGateway', 'Count')).toHaveLength(2)
    const queues = (['deadLetters', 'listLetters', 'lists'] as const).map((name) => stack.queue(name).id)
    expect(of('AWS/SQS', 'ApproximateNumberOfMessagesVisible').map(({ dimensions }) => dimensions)).toEqual(
      queues.map((id) => ['QueueName', expect.stringContaining(id)]),
    )
    expect(listOf(stack.only('AWS::CloudWatch::Dashboard').Properties['DashboardName'])).toEqual([
      'genesys-license-talk',
    ])
  })
})
