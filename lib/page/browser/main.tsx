/** The page in a browser: what is drawn, and where. */
import { render } from 'preact'
import './shell/page.css'

const place = document.getElementById('page')
if (place) render(<h1>License gateway</h1>, place)
