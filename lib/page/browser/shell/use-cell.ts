/** A part of the page that shows a cell, drawn anew with it. */
import { useEffect, useState } from 'preact/hooks'
import type { Cell } from './cell.ts'

export function useCell<T>(cell: Cell<T>): T {
  const [value, setValue] = useState(() => cell.get())
  useEffect(() => {
    const look = () => setValue(() => cell.get())
    look()
    return cell.subscribe(look)
  }, [cell])
  return value
}
