/** What a reading means, after the POST or when it is long gone. */
import type { Answer, Change, ChangeState } from '../state.ts'
import type { Setting } from '../step.ts'

export interface Verdict {
  readonly state: ChangeState
  readonly isLookDue: boolean
}

const definite = (state: ChangeState): Verdict => ({ state, isLookDue: false })

/** What the sender itself concludes from the POST's answer and one reading. */
export function verdictOfSender(
  answer: Answer,
  isDesired: boolean,
  desired: boolean,
  setting: Setting,
): Verdict {
  const { design, scenario } = setting
  const turnedDown = scenario.isPatient ? definite('PLANNED') : definite('FAILED')
  if (answer === 'none' && !isDesired && scenario.isPatient && !design.isGivenBackWhenRefusedAlone)
    return turnedDown
  if (answer === 'none') return isDesired ? onSight(setting) : definite('UNKNOWN')
  if (answer === 'refused') return isDesired ? definite('APPLIED') : turnedDown
  if (!design.shouldReadBack) return definite('APPLIED')
  const isAnswerDesired = answer === desired
  // Answer and reading contradict each other: a stale reading, or a person in between. Later readings decide.
  if (isAnswerDesired !== isDesired) return definite('UNKNOWN')
  // A toggle that was switched by a person just before us and one that ignores the POST look the same from here.
  return definite(isDesired ? 'APPLIED' : 'NO_EFFECT')
}

/** What anybody concludes from reading back a change that is SENT, UNKNOWN, or due for its second look. */
export function verdictOfReadBack(
  change: Change,
  isDesired: boolean,
  setting: Setting,
): Verdict | 'permit' | 'wait' {
  const { design, scenario } = setting
  const warning = design.shouldWarn ? definite('NEEDS_ATTENTION') : 'wait'
  if (change.isLookDue) return isDesired ? definite('APPLIED') : warning
  if (isDesired) return change.isQuiet ? definite('APPLIED') : onSight(setting)
  if (!change.isQuiet) return 'wait'
  const canRepeat = scenario.upstream === 'assigns' || design.canPermitToggleAgain
  if (!canRepeat || change.permits > 1) return warning
  return 'permit'
}

/** The desired value is there, and a POST may still be under way. */
const onSight = ({ design }: Setting): Verdict => ({ state: 'APPLIED', isLookDue: design.hasSecondLook })
