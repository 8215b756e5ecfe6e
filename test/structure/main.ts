/** `npm run imports`: the import rules of .dependency-cruiser.cjs, over the whole project. */
import { dirname } from 'node:path'
import { checkImports } from './imports.ts'

const { modules, findings } = await checkImports(dirname(dirname(import.meta.dirname)))
for (const finding of findings) console.error(finding)
console.log(`${modules} modules read, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
