/** Bundles every Lambda and prints how large each became: `npm run build`. */
import { build } from './bundles.ts'

await build({ print: console.log })
