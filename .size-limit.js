import { readdirSync } from 'node:fs'

const built = (name) => `packages/${name}/dist/index.js`
const alias = Object.fromEntries(readdirSync('packages').map((name) => [`@sgm/${name}`, `./${built(name)}`]))

/** What one import costs a page, minified and compressed, beside tfjs itself. */
const limit = (name, imports, limit) => ({
  name: `import ${imports} from '@sgm/${name}'`,
  path: built(name),
  import: imports,
  limit,
  ignore: ['@tensorflow/*'],
  modifyEsbuildConfig: (config) => ({ ...config, alias }),
})

export default [
  limit('tensor', '*', '30 kB'),
  limit('tensor', '{ key, normal }', '6 kB'),
  limit('sde', '{ ve }', '3 kB'),
  limit('score', '{ gaussianMixture }', '10 kB'),
  limit('samplers', '{ sample, eulerMaruyama }', '10 kB'),
]
