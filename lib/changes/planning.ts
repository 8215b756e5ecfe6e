/** The port `Plans`: what would be changed, on record and not yet released. */
import { attemptOf } from './attempts.ts'
import { capabilitiesOf } from './capabilities.ts'
import type { Header } from './change.ts'
import { onRecord } from './decisions.ts'
import { digestOf } from './identity.ts'
import type { Capabilities, Change, ChangeOrder } from './models.ts'
import { readOrder } from './order.ts'
import { planned } from './plan.ts'
import { known } from './policy.ts'
import type { Answered, Caller, Plans } from './port.ts'
import { changeOf } from './render.ts'
import type { PlanningDesk } from './work.ts'

export class Planning implements Plans {
  readonly #desk: PlanningDesk
  readonly #caller: Caller

  constructor(desk: PlanningDesk, caller: Caller) {
    this.#desk = desk
    this.#caller = caller
  }

  async plan(order: ChangeOrder): Promise<Answered<Change>> {
    const { ledger, clock, policy } = this.#desk
    const requestDigest = digestOf(order)
    const { id, existing } = await attemptOf(this.#desk, this.#caller, requestDigest)
    if (existing) return await this.#answered(existing, true)
    const actor = known(policy, this.#caller.actor)
    const proposal = { id, requestDigest, actor, isReleased: false, ...readOrder(order, clock.nowMs()) }
    const { header, plan } = await planned(this.#desk, proposal, true)
    if (await ledger.create(header, plan))
      return { value: changeOf(header, plan, undefined), isReplay: false }
    const { existing: first } = await attemptOf(this.#desk, this.#caller, requestDigest)
    return await this.#answered(first ?? (await onRecord(this.#desk, id)), true)
  }

  capabilities(): Promise<Capabilities> {
    return capabilitiesOf(this.#desk)
  }

  async #answered(header: Header, isReplay: boolean): Promise<Answered<Change>> {
    const { ledger } = this.#desk
    return { value: changeOf(header, await ledger.plan(header), await ledger.evidence(header)), isReplay }
  }
}
