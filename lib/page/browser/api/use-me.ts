/** Who is signed in, as the gateway has them, and what they may do. */
import type { Me } from '../../../changes/answers/decision-schemas.ts'
import { createCell } from '../shell/cell.ts'
import { useCell } from '../shell/use-cell.ts'

/** Set by the frame, which asks for it. */
export const me = createCell<Me | undefined>(undefined)

/** Whether that is still asked for; set by the frame too. */
export const isMeComing = createCell(true)

export function useMe(): Me | undefined {
  return useCell(me)
}

/** @returns whether it is to come what is offered, which would move what stands below it. */
export function useMeComing(): boolean {
  return useCell(isMeComing)
}

/** Whether their role includes it. Nothing is offered before it is known who they are. */
export function mayCall(who: Me | undefined, operation: string): boolean {
  return who !== undefined && (who.operations?.includes(operation) ?? true)
}

/** In whose zone times are told: as the org file has it, else as the browser. */
export function zoneOf(who: Me | undefined): string {
  return who?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}
