/**
 * States that differ only in what nothing can observe have one key. Workers have no names; a version counts for no
 * more than how far a worker is behind it; a POST under way for no more than its change and who waits for it.
 */
import { type Change, NOBODY, type Place, type Post, type State, type Wish } from './state.ts'

export function keyOf(state: State): string {
  const { changes, posts, workers, ghost } = state
  let key = `${bit(state.truth)}${bit(state.isStale)}${bit(state.isLate)}${state.crashesLeft}${state.foreignFlipsLeft}${state.settlesLeft}${state.lock}${keyOfWish(state.newest)}${ghost.lastWord}${ghost.arrivals}`
  for (const [intent, left] of state.deliveriesLeft.entries()) {
    key += `${left}${ghost.permits[intent]}${ghost.switches[intent]}${ghost.wasDesired[intent]}`
  }
  for (const change of changes) key += change ? keyOfChange(change) : '-'
  for (const each of workers.map((_, index) => keyOfWorker(state, index)).sort()) key += each
  for (const each of posts.map(keyOfPost).sort()) key += each
  return key
}

const keyOfWish = ({ slot, askedAt, arrival }: Wish): string => `${slot}.${askedAt}.${arrival}`

const keyOfPost = ({ slot, intent, sender }: Post): string => `${slot}${intent}${bit(sender === NOBODY)}`

const keyOfChange = (change: Change): string => {
  const { state, intent, permits, hasLease, isQuiet, isLookDue, askedAt, arrival } = change
  return `${state}${intent}${permits}${bit(hasLease)}${bit(isQuiet)}${bit(isLookDue)}${askedAt}${arrival};`
}

function keyOfWorker({ workers, changes, posts, lockPut }: State, index: number): string {
  const worker = workers[index]
  if (!worker || worker.place === 'idle') return '.'
  const { place, slot, version, answer, verdict, isLookDue, lockSeen, lockPutSeen, isOvertaken } = worker
  const change = changes[slot]
  // Two or more behind is as good as any other staleness: versions never come back.
  const behind = change ? Math.max(-1, Math.min(2, change.version - version)) : ''
  const bits = `${bit(change?.owner === index)}${bit(posts.some(({ sender }) => sender === index))}`
  return `${place}${slot}${behind}${bits}${answer}${verdict}${bit(isLookDue)}${lockSeen}${bit(hasSeenLock.includes(place) && lockPutSeen === lockPut)}${bit(isOvertaken)};`
}

/** Where a worker still needs to know whether the lock is the one that it saw. */
const hasSeenLock: readonly Place[] = ['putLock', 'planRead', 'planNote', 'permitNew']

const bit = (value: boolean): string => (value ? '1' : '0')
