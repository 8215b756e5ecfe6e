/** Steps of d3-shape as the shortest path that SVG has for them: by how far, level or upright, and no corner twice. */

/** @param drawn by a generator of d3-shape whose curve goes level and upright alone (curveStepAfter). @returns the value of `d`, in whole units. */
export function stepPathOf(drawn: string | null): string {
  const path = new StepPath()
  for (const [, letter, x, y] of (drawn ?? '').matchAll(/([MLZ])(?:([^,]+),([^MLZ]+))?/g)) {
    if (letter === 'M') path.moveTo(Number(x), Number(y))
    else if (letter === 'L') path.lineTo(Number(x), Number(y))
    else path.closePath()
  }
  return path.end()
}

type Move = { readonly letter: 'h' | 'v'; readonly by: number }

class StepPath {
  #path = ''
  #x = 0
  #y = 0
  #last: Move | undefined

  moveTo(x: number, y: number): void {
    this.#flush()
    this.#x = Math.round(x)
    this.#y = Math.round(y)
    this.#path += `M${this.#x} ${this.#y}`
  }

  lineTo(x: number, y: number): void {
    this.#move('h', Math.round(x) - this.#x)
    this.#move('v', Math.round(y) - this.#y)
    this.#x = Math.round(x)
    this.#y = Math.round(y)
  }

  closePath(): void {
    this.#flush()
    this.#path += 'z'
  }

  /** @returns the value of `d`. */
  end(): string {
    this.#flush()
    return this.#path
  }

  #move(letter: Move['letter'], by: number): void {
    if (by === 0) return
    if (this.#last?.letter === letter) this.#last = { letter, by: this.#last.by + by }
    else {
      this.#flush()
      this.#last = { letter, by }
    }
  }

  #flush(): void {
    if (this.#last && this.#last.by !== 0) this.#path += `${this.#last.letter}${this.#last.by}`
    this.#last = undefined
  }
}
