import { readdirSync, readFileSync } from 'node:fs'

const built = (name) => `packages/${name}/dist/index.js`
const entries = readdirSync('packages').flatMap((folder) => {
  const { name, publishConfig } = JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8'))
  return Object.entries(publishConfig?.exports ?? {}).map(([path, target]) => [
    path.replace('.', name),
    `./packages/${folder}/${target.import?.default}`,
  ])
})
const alias = Object.fromEntries(entries)

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
  limit('backend-gpu', '{ openGpu }', '38 kB'),
  limit('viz', '{ figure, contours, toSvg }', '33 kB'),
  limit('viz', '{ figure, scatter, drawOn }', '22 kB'),
]
