/** The page as it is deployed. */
import { changesView } from './changes/changes-view.tsx'
import { peopleView } from './people/people-view.tsx'
import { startPage } from './shell/start-page.tsx'

const place = document.getElementById('page')
if (place) await startPage(place, [peopleView, changesView])
