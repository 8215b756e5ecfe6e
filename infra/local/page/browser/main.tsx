/** The page as the laptop has it: the one that deploys, and the chats. */
import { startPage } from '../../../../lib/page/browser/shell/start-page.tsx'
import { views } from '../../../../lib/page/browser/views.ts'
import { chatView } from './chat/chat-view.tsx'

const place = document.getElementById('page')
if (place) await startPage(place, [...views, chatView])
