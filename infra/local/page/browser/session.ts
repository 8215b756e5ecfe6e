/** What the page may know of the gateway that serves it; asked anew each time, since a restart may change all of it. */
import type { Session } from '../session.ts'
import { ask } from './asking.ts'

export const session = () => ask<Session>('/__page/session')
