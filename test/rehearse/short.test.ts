/** The beginning of `npm run rehearse`: each bundle starts with what its template gives it, and answers one event. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsAfter, playAll } from './rehearsal.ts'
import { putCredentials } from './scenes/triggers.ts'
import { type Stage, startStage } from './world/stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startStage('jwt')
})

afterAll(async () => {
  await stage.close()
})

describe('the deployed bundles, each in a process of its own under Lambda’s Runtime API', () => {
  it('start with what their template gives them, ask the hosts that they would ask, and answer', async () => {
    await putCredentials(stage)
    expect(await playAll(stage)).toEqual([])
  })

  it('have written lines of JSON with level, time and request id, and asked nobody else', () => {
    expect([...stage.containers.values()].flatMap(({ output }) => output.lines).length).toBeGreaterThan(30)
    expect(faultsAfter(stage)).toEqual([])
  })
})
