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

/** What a page fetches when it is needed, and not before. */
const later = {
  name: 'later',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    )
  },
}

/** What one import costs a page, minified and compressed, beside tfjs itself. */
const limitOf = (name, imports, limit, plugins = [later]) => ({
  name: `import ${imports} from '@sgm/${name}'${plugins.length > 0 ? '' : ', and all that it fetches later'}`,
  path: built(name),
  import: imports,
  limit,
  ignore: ['@tensorflow/*'],
  modifyEsbuildConfig: (config) => ({ ...config, alias, format: 'esm', plugins }),
})

/** Names to import of packages. */
const named = (names) =>
  Object.fromEntries(Object.entries(names).map(([name, list]) => [built(name), `{ ${list} }`]))

const readme = { samplers: 'eulerMaruyama, sample', score: 'gaussianMixture', sde: 'vp', tensor: 'key' }

const training = {
  ...readme,
  'backend-onnx': 'onnx',
  data: 'stream, twoMoons',
  losses: 'sdeDenoising',
  score: 'gaussianMixture, mlp, noisePrediction',
  tensor: 'key, useBackend',
  train: 'train',
}

/** What `docs/docs/where.md` says that a page downloads of sgm, compressed as most servers do. */
const page = (name, names, limit, plugins = [later]) => ({
  ...limitOf('samplers', '*', limit, plugins),
  name,
  import: named(names),
  gzip: true,
  ignore: ['@tensorflow/*', 'onnxruntime-*'],
})

export default [
  page('the lines of the README', readme, '22.8 kB'),
  page('those and a training run', training, '71.2 kB'),
  page('those and a training run, and all that they fetch later', training, '93.5 kB', []),
  limitOf('tensor', '*', '27.7 kB'),
  limitOf('tensor', '*', '47.9 kB', []),
  limitOf('tensor', '{ key, normal }', '10.2 kB'),
  limitOf('sde', '{ ve }', '13.4 kB'),
  limitOf('score', '{ gaussianMixture }', '14.9 kB'),
  limitOf('score', '{ mlp }', '13.5 kB'),
  limitOf('score', '{ tutorialUnet }', '15.7 kB'),
  limitOf('losses', '{ sdeDenoising }', '18.6 kB'),
  limitOf('samplers', '{ sample, eulerMaruyama }', '16.5 kB'),
  limitOf('train', '{ train, adam }', '23.7 kB'),
  limitOf('data', '{ twoMoons }', '12.9 kB'),
  limitOf('data', '{ glyphs, imageBatches }', '14.4 kB'),
  limitOf('metrics', '{ squaredMmd }', '9.6 kB'),
  limitOf('backend-gpu', '{ openGpu }', '36.8 kB'),
  limitOf('viz', '{ figure, contours, toSvg }', '31.3 kB'),
  limitOf('viz', '{ figure, scatter, drawOn }', '19.2 kB'),
  limitOf('viz', '{ bare, grid, quiver, scatter, drawOn }', '7 kB'),
  {
    ...limitOf('cli', '{ loadRun }', '43.3 kB'),
    name: "import { loadRun } from '@sgm/cli/run'",
    path: 'packages/cli/dist/load-run.js',
  },
]
