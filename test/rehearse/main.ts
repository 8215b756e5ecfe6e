import { faultsAfter, playAll } from './rehearsal.ts'
import { putCredentials } from './scenes/triggers.ts'
import { startStage } from './world/stage.ts'

const t0 = performance.now()
const stage = await startStage('jwt')
console.log('stage', performance.now() - t0)
try {
  await putCredentials(stage)
  console.log('credentials', performance.now() - t0)
  console.log(await playAll(stage))
  console.log('played', performance.now() - t0)
  console.log(faultsAfter(stage))
  console.log([...stage.containers.values()].map((c) => `${c.name} ${c.mostHeldMb().toFixed(0)}`).join(' '))
} finally {
  await stage.close()
}
