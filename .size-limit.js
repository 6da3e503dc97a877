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
  limit('tensor', '*', '37 kB'),
  limit('tensor', '{ key, normal }', '17 kB'),
  limit('sde', '{ ve }', '20 kB'),
  limit('score', '{ gaussianMixture }', '22.5 kB'),
  limit('score', '{ mlp }', '20.5 kB'),
  limit('score', '{ tutorialUnet }', '22.5 kB'),
  limit('losses', '{ sdeDenoising }', '21 kB'),
  limit('samplers', '{ sample, eulerMaruyama }', '21.5 kB'),
  limit('train', '{ train, adam }', '35.5 kB'),
  limit('data', '{ twoMoons }', '18.5 kB'),
  limit('data', '{ glyphs, imageBatches }', '21 kB'),
  limit('metrics', '{ squaredMmd }', '15 kB'),
  limit('backend-gpu', '{ openGpu }', '41.5 kB'),
  limit('viz', '{ figure, contours, toSvg }', '33 kB'),
  limit('viz', '{ figure, scatter, drawOn }', '22 kB'),
]
