/** A scene for each operation over HTTP. */
import assert from 'node:assert/strict'
import { GUARDED_LICENSE } from '../template/org-files.ts'
import { PEOPLE, type Stage } from '../world/stage.ts'
import { type CallOptions, call, type MakeScene, minuteEvent, operationScene, textOf } from './scene.ts'

const LICENSE = 'wallboardUser'

/** So that scenes may be played side by side, each has a toggle or a person of its own. */
const toggles = {
  put: 'speechAndTextAnalytics',
  switched: 'concurrentLicensing',
  read: 'agentAssist',
  lost: 'wallboards',
} as const

export const userId = (stage: Stage, index: number) => textOf(stage.org.people(index + 1)[index]?.id)

export const isOn = (stage: Stage, toggle: string) => stage.org.truth().toggles[toggle] === true

function holds(stage: Stage, index: number, license: string): boolean {
  return stage.org.licensesOf(userId(stage, index))?.includes(license) === true
}

/** Gives a license to somebody, or takes it where they have it. */
function otherwise(stage: Stage, index: number, licenseId = LICENSE) {
  const ids = [userId(stage, index)]
  const has = holds(stage, index, licenseId)
  return { licenseId, userIdsAdd: has ? [] : ids, userIdsRemove: has ? ids : [] }
}

async function planned(stage: Stage, index: number, license = LICENSE, revertAfter?: string) {
  const body = { kind: 'assignments', assignments: [otherwise(stage, index, license)], revertAfter }
  const { id, digest } = await call(stage, 'create-change', 201, { body })
  return { changeId: textOf(id), digest: textOf(digest) }
}

async function applied(stage: Stage, index: number, revertAfter?: string): Promise<string> {
  const { changeId, digest } = await planned(stage, index, LICENSE, revertAfter)
  const { state } = await call(stage, 'apply-change', 200, { parameters: { changeId }, body: { digest } })
  assert.equal(state, 'APPLIED')
  return changeId
}

/** A change of which nothing was sent. */
async function cancelled(stage: Stage, index: number): Promise<string> {
  const { changeId } = await planned(stage, index)
  await call(stage, 'cancel-change', 200, { parameters: { changeId } })
  return changeId
}

/** Licenses that no other scene gives; together with all people they are more pairs than one write may have. */
const LISTED = [
  'gcSTAupgrade',
  'agentAssistLicense',
  'agentAssistOmniLicense',
  'predictiveEngagementLicense',
  'cxCloudSF',
]

/** A list under way, which takes no turn before somebody takes one. */
export async function beginList(stage: Stage, revertAfter?: string): Promise<string> {
  const userIdsAdd = stage.org.people(PEOPLE).map(({ id }) => id)
  const assignments = LISTED.map((licenseId) => ({ licenseId, userIdsAdd, userIdsRemove: [] }))
  const { id, digest } = await call(stage, 'create-change', 201, {
    body: { kind: 'assignments', assignments, revertAfter, reason: 'what lists are rehearsed with' },
  })
  const parameters = { changeId: textOf(id) }
  const { state } = await call(stage, 'apply-change', 202, { parameters, body: { digest: textOf(digest) } })
  assert.equal(state, 'RUNNING')
  return textOf(id)
}

export async function scheduled(stage: Stage, featureName: string) {
  const change = { kind: 'toggle', featureName, enabled: !isOn(stage, featureName) }
  const { id } = await call(stage, 'create-schedule', 201, { body: { at: '2099-01-01T09:00', change } })
  return textOf(id)
}

async function guardedSchedule(stage: Stage, index: number) {
  const change = { kind: 'assignments', assignments: [otherwise(stage, index, GUARDED_LICENSE)] }
  const { id, digest } = await call(stage, 'create-schedule', 201, {
    body: { at: '2099-01-01T09:00', change },
  })
  return { scheduleId: textOf(id), digest: textOf(digest) }
}

const lostChanges = new WeakMap<Stage, Promise<string>>()

/** A change of which nobody knows what became of it: upstream breaks off after it has read the write. */
function lost(stage: Stage): Promise<string> {
  const known = lostChanges.get(stage) ?? loseAnswer(stage)
  lostChanges.set(stage, known)
  return known
}

async function loseAnswer(stage: Stage): Promise<string> {
  const path = `/api/v2/license/toggles/${toggles.lost}`
  stage.org.addFaults([{ match: { method: 'POST', path }, do: { reset: true } }])
  const { id, state } = await call(stage, 'put-toggle', 202, {
    parameters: { featureName: toggles.lost },
    body: { enabled: !isOn(stage, toggles.lost) },
  })
  assert.equal(state, 'UNKNOWN')
  return textOf(id)
}

const readings = new WeakMap<Stage, Promise<void>>()

/** Once a stage: who holds what, as take-inventory reads it. */
function readOrg(stage: Stage): Promise<void> {
  const known = readings.get(stage) ?? takeReading(stage)
  readings.set(stage, known)
  return known
}

async function takeReading(stage: Stage): Promise<void> {
  const outcome = await stage.containerOf('take-inventory').invoke(minuteEvent())
  assert.equal(outcome.kind, 'answered', JSON.stringify(outcome))
}

/** What rests on a reading: answers with that, once there is one. */
const resting = (
  name: string,
  prepare: (stage: Stage) => CallOptions,
  check: (json: Readonly<Record<string, unknown>>, stage: Stage) => void,
): [string, MakeScene] => [
  name,
  operationScene(
    name,
    async (stage) => {
      await readOrg(stage)
      return prepare(stage)
    },
    200,
    check,
  ),
]

const stateIs = (wanted: string) => (json: Readonly<Record<string, unknown>>) =>
  assert.equal(json['state'], wanted)

const isList = (json: Readonly<Record<string, unknown>>) => assert.ok(Array.isArray(json['entities']))

const change = (
  name: string,
  prepare: (stage: Stage) => Promise<string>,
  state: string,
  status = 200,
): [string, MakeScene] => [
  name,
  operationScene(
    name,
    async (stage) => ({ parameters: { changeId: await prepare(stage) } }),
    status,
    stateIs(state),
  ),
]

export const operationScenes: Readonly<Record<string, MakeScene>> = {
  'get-license-definitions': operationScene(
    'get-license-definitions',
    () => ({}),
    200,
    (json) => assert.ok(Object.keys(json).length > 5),
  ),
  'get-license-definition': operationScene(
    'get-license-definition',
    () => ({ parameters: { licenseId: 'cloudCX1' } }),
    200,
    ({ id }) => assert.equal(id, 'cloudCX1'),
  ),
  'get-license-organization': operationScene(
    'get-license-organization',
    () => ({}),
    200,
    ({ name }) => assert.equal(name, 'Rehearsal'),
  ),
  'post-license-organization': operationScene(
    'post-license-organization',
    (stage) => ({ body: { assignments: [otherwise(stage, 16)] } }),
    200,
    (json) => assert.equal(Object.keys(json).length, 1),
  ),
  'get-license-toggle': operationScene(
    'get-license-toggle',
    () => ({ parameters: { featureName: toggles.read } }),
    200,
    ({ enabled }) => assert.equal(enabled, true),
  ),
  'post-license-toggle': async (stage) => {
    const before = isOn(stage, toggles.switched)
    const make = operationScene(
      'post-license-toggle',
      () => ({ parameters: { featureName: toggles.switched } }),
      200,
      () => assert.equal(isOn(stage, toggles.switched), !before),
    )
    return await make(stage)
  },
  'put-toggle': async (stage) => {
    const enabled = !isOn(stage, toggles.put)
    const make = operationScene(
      'put-toggle',
      () => ({ parameters: { featureName: toggles.put }, body: { enabled } }),
      200,
      ({ state }) => {
        assert.equal(state, 'APPLIED')
        assert.equal(isOn(stage, toggles.put), enabled)
      },
    )
    return await make(stage)
  },
  'get-license-user': operationScene(
    'get-license-user',
    (stage) => ({ parameters: { userId: userId(stage, 0) } }),
    200,
    ({ id }, stage) => assert.equal(id, userId(stage, 0)),
  ),
  'get-license-users': operationScene(
    'get-license-users',
    () => ({ query: { pageSize: '10' } }),
    200,
    (json) => {
      isList(json)
      assert.equal(json['pageSize'], 10)
    },
  ),
  'post-license-users': operationScene(
    'post-license-users',
    (stage) => ({ body: [userId(stage, 0), userId(stage, 1)] }),
    200,
    (json) => assert.equal(Object.keys(json).length, 2),
  ),
  'post-license-infer': operationScene(
    'post-license-infer',
    () => ({ body: ['fc586d6f-91cf-44be-b0cc-a614cb0581d0'] }),
    200,
  ),
  'post-license-infer-permissions': operationScene(
    'post-license-infer-permissions',
    () => ({ body: ['routing:queue:join'] }),
    200,
    (json) => assert.deepEqual(Object.values(json), ['cloudCX1']),
  ),
  ...Object.fromEntries([
    resting('list-users', () => ({ query: { limit: '10' } }), isList),
    resting('get-user-history', (stage) => ({ parameters: { userId: userId(stage, 0) } }), isList),
    resting('get-license-history', () => ({ parameters: { licenseId: 'cloudCX1' } }), isList),
    resting(
      'get-reading',
      () => ({ parameters: { readingId: 'latest' } }),
      ({ id }) => textOf(id),
    ),
    resting('get-seats', () => ({}), isList),
    resting('get-seat-days', () => ({ query: { days: '7' } }), isList),
    resting('list-periods', () => ({}), isList),
    resting(
      'get-period',
      () => ({ parameters: { periodId: 'current' } }),
      ({ status }) => assert.equal(status, 'open'),
    ),
  ]),
  'create-reading': operationScene('create-reading', () => ({}), 202),
  'get-capabilities': operationScene('get-capabilities', () => ({}), 200),
  'get-open-api': operationScene(
    'get-open-api',
    () => ({}),
    200,
    ({ openapi }) => assert.ok(openapi),
  ),
  'create-change': operationScene(
    'create-change',
    (stage) => ({ body: { kind: 'assignments', assignments: [otherwise(stage, 10)] } }),
    201,
    stateIs('PLANNED'),
  ),
  'apply-change': operationScene(
    'apply-change',
    async (stage) => {
      const { changeId, digest } = await planned(stage, 11)
      return { parameters: { changeId }, body: { digest } }
    },
    200,
    stateIs('APPLIED'),
  ),
  'approve-change': operationScene(
    'approve-change',
    async (stage) => {
      const { changeId, digest } = await planned(stage, 12, GUARDED_LICENSE)
      return { parameters: { changeId }, body: { digest }, caller: 'approver' }
    },
    200,
    stateIs('APPLIED'),
  ),
  'reject-change': operationScene(
    'reject-change',
    async (stage) => {
      const { changeId } = await planned(stage, 13, GUARDED_LICENSE)
      return { parameters: { changeId }, body: { reason: 'Not now' }, caller: 'approver' }
    },
    200,
    stateIs('REJECTED'),
  ),
  ...Object.fromEntries([
    change('pause-change', beginList, 'PAUSED', 202),
    change('cancel-change', async (stage) => (await planned(stage, 14)).changeId, 'CANCELLED'),
    change('undo-change', (stage) => applied(stage, 15), 'APPLIED'),
    change('end-change', (stage) => applied(stage, 22, 'PT8H'), 'APPLIED'),
    change('get-change', (stage) => applied(stage, 17), 'APPLIED'),
    change('retry-change', (stage) => cancelled(stage, 23), 'PLANNED', 201),
  ]),
  'resume-change': operationScene(
    'resume-change',
    async (stage) => {
      const changeId = await beginList(stage)
      await call(stage, 'pause-change', 202, { parameters: { changeId } })
      return { parameters: { changeId } }
    },
    202,
    stateIs('RUNNING'),
  ),
  'extend-change': operationScene(
    'extend-change',
    async (stage) => ({
      parameters: { changeId: await applied(stage, 21, 'PT8H') },
      body: { revertAfter: 'PT9H' },
    }),
    200,
    stateIs('APPLIED'),
  ),
  'get-change-results': operationScene(
    'get-change-results',
    async (stage) => ({ parameters: { changeId: await applied(stage, 18) } }),
    200,
    isList,
  ),
  'list-changes': operationScene('list-changes', () => ({ query: { limit: '5' } }), 200, isList),
  'list-toggles': operationScene('list-toggles', () => ({}), 200, isList),
  'get-me': operationScene(
    'get-me',
    () => ({}),
    200,
    ({ kind }) => assert.ok(kind),
  ),
  // What was sent may still land: it is not looked at before that is over.
  'settle-change': operationScene(
    'settle-change',
    async (stage) => ({ parameters: { changeId: await lost(stage) } }),
    409,
  ),
  'get-writes': operationScene(
    'get-writes',
    () => ({}),
    200,
    ({ state }) => assert.equal(state, 'running'),
  ),
  // To pause them would stop the other scenes.
  'put-writes': operationScene(
    'put-writes',
    () => ({ body: { state: 'running' }, caller: 'approver' }),
    200,
    ({ state }) => assert.equal(state, 'running'),
  ),
  'create-schedule': operationScene(
    'create-schedule',
    () => ({
      body: {
        at: '2099-01-01T09:00',
        change: { kind: 'toggle', featureName: 'agentAssist', enabled: false },
      },
    }),
    201,
  ),
  'list-schedules': operationScene('list-schedules', () => ({}), 200, isList),
  'get-schedule': operationScene(
    'get-schedule',
    async (stage) => ({ parameters: { scheduleId: await scheduled(stage, 'agentAssist') } }),
    200,
    ({ state }) => assert.equal(state, 'ACTIVE'),
  ),
  'delete-schedule': operationScene(
    'delete-schedule',
    async (stage) => ({ parameters: { scheduleId: await scheduled(stage, 'agentAssist') } }),
    200,
  ),
  'approve-schedule': operationScene(
    'approve-schedule',
    async (stage) => {
      const { scheduleId, digest } = await guardedSchedule(stage, 19)
      return { parameters: { scheduleId }, body: { digest }, caller: 'approver' }
    },
    200,
    ({ state }) => assert.equal(state, 'ACTIVE'),
  ),
  'reject-schedule': operationScene(
    'reject-schedule',
    async (stage) => {
      const { scheduleId } = await guardedSchedule(stage, 24)
      return { parameters: { scheduleId }, body: { reason: 'Not now' }, caller: 'approver' }
    },
    200,
    ({ state }) => assert.equal(state, 'REJECTED'),
  ),
}
