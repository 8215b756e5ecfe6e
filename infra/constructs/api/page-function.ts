import type { Construct } from 'constructs'
import type { JwtAuth, PageSettings, Throttle } from '../../orgs/org-file.ts'
import { pageEnvironmentOf } from '../../orgs/variables.ts'
import { type FunctionDefaults, GatewayFunction, OPERATION_TIMEOUT } from '../functions/gateway-function.ts'

/** What the page is made of is asked for once a visit: a whole company looks in on a Monday morning, and no loop is larger. */
export const PAGE_THROTTLE: Throttle = { perSecond: 10, burst: 20 }

export interface PageFunctionProps {
  readonly page: PageSettings
  readonly auth: JwtAuth
  readonly functions: FunctionDefaults
}

/** Serves the page to whoever asks: files that lie beside its code. It may do nothing but write its log. */
export class PageFunction extends GatewayFunction {
  constructor(scope: Construct, id: string, { page, auth, functions }: PageFunctionProps) {
    super(scope, id, {
      defaults: functions,
      name: 'get-page',
      description: 'Serves the page, and where to sign in to it',
      timeout: OPERATION_TIMEOUT,
      environment: pageEnvironmentOf(page, auth),
    })
  }
}
