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
  limit('tensor', '*', '28 kB'),
  limit('tensor', '{ key, normal }', '12.5 kB'),
  limit('sde', '{ ve }', '14 kB'),
  limit('score', '{ gaussianMixture }', '16 kB'),
  limit('score', '{ mlp }', '14 kB'),
  limit('score', '{ tutorialUnet }', '17 kB'),
  limit('losses', '{ sdeDenoising }', '15 kB'),
  limit('samplers', '{ sample, eulerMaruyama }', '16 kB'),
  limit('train', '{ train, adam }', '25 kB'),
  limit('data', '{ twoMoons }', '14 kB'),
  limit('data', '{ glyphs, imageBatches }', '16 kB'),
  limit('metrics', '{ squaredMmd }', '11 kB'),
  limit('viz', '{ figure, contours, toSvg }', '33 kB'),
  limit('viz', '{ figure, scatter, drawOn }', '22 kB'),
]
