import fc from 'fast-check'
import { commandsOf } from './changes/proof/commands.ts'
import { faultsOfHistory, scheduler } from './changes/proof/history.ts'
const seed = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 20)
let k=0, t=performance.now()
const r = await fc.check(fc.asyncProperty(fc.constantFrom('legacy' as const,'current' as const).chain(t => fc.tuple(fc.constant(t), commandsOf(t))), scheduler(), async ([toggles, commands], s) => {
  k++; 
  const f = await Promise.race([faultsOfHistory(toggles, commands, s), new Promise<string[]>(r=>setTimeout(()=>r(['HANG '+s.report().length]),20000))])
  if (f.length) throw new Error(f.join('\n'))
}), { seed, numRuns: n, endOnFailure: process.argv[4]==='end', verbose: 0 })
console.log(k, 'runs', (performance.now()-t)/k, 'ms each')
if (r.failed) { console.log(r.seed, r.counterexamplePath, r.numShrinks); console.log(String(r.errorInstance)); console.log(String(r.counterexample?.[0]?.[0]), '::', String(r.counterexample?.[0]?.[1])); console.log(fc.stringify(r.counterexample?.[1]).split('\n').map(l=>l.slice(0,160)).join('\n')) }
process.exit(0)
