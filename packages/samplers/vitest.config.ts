import { backendSuite } from '../../vitest.shared.ts'

/** Long statistics of what every sampler does by the same ops: the contracts draw by each of them on every engine. */
const once = [
  'src/conditioning/{conditioning,mixture-posterior}.test.ts',
  'src/presets.test.ts',
  'src/run/compiled.test.ts',
  'src/samplers/{adaptive-sde,langevin,metropolis,sde-and-ode}.test.ts',
]

export default backendSuite(undefined, undefined, once)
