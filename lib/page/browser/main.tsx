/** The page as it is deployed. */
import { startPage } from './shell/start-page.tsx'
import { views } from './views.ts'

const place = document.getElementById('page')
if (place) await startPage(place, views)
