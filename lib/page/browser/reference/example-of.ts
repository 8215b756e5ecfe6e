/** An answer as it may look, made from its schema. Pure. */
import { type ApiDocument, type ApiSchema, choicesOf, resolved } from './api-document.ts'

/** Of models that contain themselves. */
const MAX_DEPTH = 5

/** Values for what has a grammar of its own, by the model's name. */
const known: Readonly<Record<string, unknown>> = {
  UserId: '92ca2f0e-9b3c-4493-999f-aae61f48d350',
  LicenseId: 'cloudCX3',
  FeatureName: 'agentAssist',
  ChangeId: '16kxbrwbzpfd10syk6r5',
  ScheduleId: '1zqe9cdw367r1dmnfemw',
  ReadingId: '20261129T020000Z',
  PeriodId: '2026-11',
  Digest: '1402b553795ac99e79426f82e6ee7dc37ab99edb4d9402b2c53e7d7b4d552723',
}

/** And by the member's, where its model says no more than that it is text. */
const named: Readonly<Record<string, string>> = {
  userId: known['UserId'] as string,
  licenseId: 'cloudCX3',
  featureName: 'agentAssist',
  changeId: known['ChangeId'] as string,
  email: 'ana@example.com',
  name: 'Ana Abebe',
  person: 'ana.abebe',
  timeZone: 'Europe/Berlin',
  reason: 'Covers for a colleague',
  summary: 'Give cloudCX3 to Ana Abebe',
  day: '2026-11-29',
  cron: '0 8 ? * MON *',
  rate: '1 hour',
  revertAfter: 'PT8H',
  licenses: 'cloudCX3',
}

export function exampleOf(document: ApiDocument, schema: ApiSchema, name = '', depth = 0): unknown {
  const value = known[schema.$ref?.slice(schema.$ref.lastIndexOf('/') + 1) ?? '']
  if (value !== undefined) return value
  const own = resolved(document, schema)
  if (own.const !== undefined) return own.const
  if (own.enum) return own.enum[0]
  const [choice] = choicesOf(own)
  if (choice) return exampleOf(document, choice, name, depth)
  if (own.properties) {
    const members = Object.entries(own.properties).filter(
      ([member]) => depth < MAX_DEPTH && (depth < 2 || own.required?.includes(member)),
    )
    return Object.fromEntries(
      members.map(([member, each]) => [member, exampleOf(document, each, member, depth + 1)]),
    )
  }
  if (own.items) return depth < MAX_DEPTH ? [exampleOf(document, own.items, name, depth + 1)] : []
  if (typeof own.additionalProperties === 'object') {
    return { cloudCX3: exampleOf(document, own.additionalProperties, name, depth + 1) }
  }
  return plainExampleOf(own, name)
}

function plainExampleOf(
  { type, default: usual, description = '', format, minimum }: ApiSchema,
  name: string,
) {
  const [first] = Array.isArray(type) ? type : [type]
  if (usual !== undefined) return usual
  if (first === 'integer' || first === 'number') return minimum ?? 3
  if (first === 'boolean') return true
  if (format === 'date-time' || /ISO 8601/.test(description)) return '2026-12-01T09:00:00.000Z'
  return named[name] ?? 'text'
}
