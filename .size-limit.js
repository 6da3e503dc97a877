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
const limit = (name, imports, limit, plugins = [later]) => ({
  name: `import ${imports} from '@sgm/${name}'${plugins.length > 0 ? '' : ', and all that it fetches later'}`,
  path: built(name),
  import: imports,
  limit,
  ignore: ['@tensorflow/*'],
  modifyEsbuildConfig: (config) => ({ ...config, alias, format: 'esm', plugins }),
})

/** What `docs/docs/where.md` says of the lines of the README. */
const readme = {
  name: 'the lines of the README',
  import: {
    [built('samplers')]: '{ eulerMaruyama, sample }',
    [built('score')]: '{ gaussianMixture }',
    [built('sde')]: '{ vp }',
    [built('tensor')]: '{ key }',
  },
  gzip: true,
}

export default [
  { ...limit('samplers', '*', '26.5 kB'), ...readme },
  limit('tensor', '*', '26 kB'),
  limit('tensor', '*', '45 kB', []),
  limit('tensor', '{ key, normal }', '12.5 kB'),
  limit('sde', '{ ve }', '16.5 kB'),
  limit('score', '{ gaussianMixture }', '18 kB'),
  limit('score', '{ mlp }', '16 kB'),
  limit('score', '{ tutorialUnet }', '18 kB'),
  limit('losses', '{ sdeDenoising }', '17.5 kB'),
  limit('samplers', '{ sample, eulerMaruyama }', '19 kB'),
  limit('train', '{ train, adam }', '22 kB'),
  limit('data', '{ twoMoons }', '15 kB'),
  limit('data', '{ glyphs, imageBatches }', '16.5 kB'),
  limit('metrics', '{ squaredMmd }', '11.5 kB'),
  limit('backend-gpu', '{ openGpu }', '38.5 kB'),
  limit('viz', '{ figure, contours, toSvg }', '31 kB'),
  limit('viz', '{ figure, scatter, drawOn }', '19 kB'),
  {
    ...limit('cli', '{ loadRun }', '37.5 kB'),
    name: "import { loadRun } from '@sgm/cli/run'",
    path: 'packages/cli/dist/load-run.js',
  },
]
