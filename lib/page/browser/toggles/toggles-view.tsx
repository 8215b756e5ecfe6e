/** Toggles: how each reads now, what Genesys does with a switch of one today, and the switch itself. */
import type { PageView } from '../shell/view.ts'
import { ToggleList } from './toggle-list.tsx'
import './toggles.css'

export const togglesView: PageView = {
  name: 'toggles',
  label: 'Toggles',
  needs: 'listToggles',
  Show: ({ query }) => <ToggleList query={query} />,
}
