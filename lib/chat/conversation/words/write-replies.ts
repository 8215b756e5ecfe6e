/** The stop switch as people in chat see it. */
import { requesterOf } from '../../../changes/answers/summarize.ts'
import type { Writes } from '../../../changes/answers/write-schemas.ts'
import { type Part, type Reply, sayNote, sayText } from './reply.ts'
import { timeTextOf } from './times.ts'

export function showWrites(writes: Writes, timeZone: string): Reply {
  const { state, isPausedByOrgFile, since, by, reason } = writes
  const isPaused = state === 'paused'
  const facts: (readonly [string, string])[] = [
    ...(since === undefined ? [] : [['since', timeTextOf(Date.parse(since), timeZone)] as const]),
    ...(by === undefined ? [] : [['by', requesterOf(by)] as const]),
    ...(reason === undefined ? [] : [['because', reason] as const]),
  ]
  return {
    title: isPaused ? 'Writes are paused' : 'Writes are running',
    tone: isPaused ? 'warning' : 'good',
    isPrivate: false,
    parts: [
      ...(facts.length > 0 ? [{ kind: 'facts', facts } as const] : []),
      ...(isPaused ? pausedParts(isPausedByOrgFile) : []),
    ],
  }
}

function pausedParts(isByOrgFile: boolean): Part[] {
  return [
    sayText(
      'Nothing is sent to Genesys. What is planned, approved or scheduled waits; what was sent is looked at.',
    ),
    isByOrgFile
      ? sayNote('The org file says so: they go on once the gateway is deployed without it.')
      : sayNote('For approvers, to let them go on:', 'resume'),
  ]
}
