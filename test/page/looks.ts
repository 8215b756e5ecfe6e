/** The looks that people have chosen on their machines, one after the other on the same page: each must do by itself. */
import type { Page } from 'playwright-core'

export const LOOKS = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced colours': { colorScheme: 'light', forcedColors: 'active' },
} as const

export type Look = keyof typeof LOOKS

/** Leaves the page in the light. */
export async function inEachLook(page: Page, check: (look: Look) => Promise<void>): Promise<void> {
  for (const look of ['dark', 'forced colours', 'light'] as const) {
    await page.emulateMedia(LOOKS[look])
    await check(look)
  }
}
