import type { Frame, Page } from 'playwright-core'

/** WCAG 2.2, 1.4.3, for text of any size. */
const LEAST_CONTRAST = 4.5

/** Runs in the page: every visible text with too little contrast to the nearest ground that is painted. */
const FAINT = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number)
  const over = ([r, g, b, alpha = 1], ground) => [r, g, b].map((value, index) => value * alpha + ground[index] * (1 - alpha))
  const groundOf = (element) => {
    if (!element) return [255, 255, 255]
    const painted = channels(getComputedStyle(element).backgroundColor)
    return (painted[3] ?? 1) === 1 ? painted : over(painted, groundOf(element.parentElement))
  }
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '')
  const texts = [...document.body.querySelectorAll('*')].filter((element) => element.checkVisibility() && !element.disabled && hasText(element))
  return texts.flatMap((element) => {
    const ground = groundOf(element)
    const colour = over(channels(getComputedStyle(element).color), ground)
    const [dark, bright] = [light(colour), light(ground)].sort((a, b) => a - b)
    const contrast = (bright + 0.05) / (dark + 0.05)
    return contrast < ${LEAST_CONTRAST} ? [element.className + ' ' + element.textContent.trim().slice(0, 40) + ': ' + contrast.toFixed(2)] : []
  })
})()`

/** @returns a line for each text that is too faint. */
export async function faintTexts(page: Page | Frame): Promise<unknown> {
  return await page.evaluate(FAINT)
}

/** How light the page's ground is: 0 is black, 255 white. */
export async function lightness(page: Page | Frame): Promise<number> {
  const channels = await page.evaluate(
    `getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)`,
  )
  return Array.isArray(channels) ? Math.max(...channels.map(Number)) : Number.NaN
}

/** @param word of which none may be on two lines; one with a hyphen may go on behind it. @returns those that are. */
export async function brokenWords(page: Page, selector: string, word = /[^\s-]+-?/g): Promise<string[]> {
  return await page.evaluate<string[]>(`[...document.querySelectorAll('${selector}')].flatMap((element) => {
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
    return texts.flatMap((node) => [...node.data.matchAll(${word})].flatMap(({ 0: each, index }) => {
      const range = document.createRange()
      range.setStart(node, index)
      range.setEnd(node, index + each.length)
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
      return lines.size > 1 ? [each] : []
    }))
  })`)
}
