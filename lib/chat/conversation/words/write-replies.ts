/** The stop switch as people in chat see it. */
import { requesterOf } from '../../../changes/answers/summarize.ts'
import type { Writes } from '../../../changes/answers/write-schemas.ts'
import { type Part, type Reply, sayNote, sayText } from './reply.ts'
import { timeTextOf } from './times.ts'

export function showWrites(writes: Writes, timeZone: string): Reply {
  const { state, isPausedByOrgFile, since, by, reason } = writes
  const isPaused = state === 'paused'
  const facts = [
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

/** A turn of the switch that others have followed: what was done, and that it is over. */
export function showPastTurn(turn: Writes['history'][number], standing: Writes, timeZone: string): Reply {
  const { state, at, by, reason } = turn
  const facts = [
    ['at', timeTextOf(Date.parse(at), timeZone)] as const,
    ['by', requesterOf(by)] as const,
    ...(reason === undefined ? [] : [['because', reason] as const]),
  ]
  return {
    title: state === 'paused' ? 'Writes were paused' : 'Writes were resumed',
    tone: 'info',
    isPrivate: false,
    parts: [
      { kind: 'facts', facts },
      sayNote(`The switch was thrown again since. Now writes are ${standing.state}:`, 'writes'),
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
