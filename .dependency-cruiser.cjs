/** What each package may import of the others: the arrows of the design. */
const arrows = {
  tensor: [],
  sde: ['tensor'],
  score: ['tensor', 'sde'],
  losses: ['tensor', 'sde', 'score'],
  samplers: ['tensor', 'sde', 'score'],
  train: ['tensor', 'sde', 'score', 'losses'],
  data: ['tensor'],
  metrics: ['tensor'],
  viz: ['tensor'],
  'backend-onnx': ['tensor'],
  'backend-gpu': ['tensor'],
  pipeline: ['tensor', 'sde', 'score', 'samplers', 'backend-onnx'],
  cli: [
    'tensor',
    'sde',
    'score',
    'losses',
    'samplers',
    'train',
    'data',
    'metrics',
    'viz',
    'backend-onnx',
    'backend-gpu',
    'pipeline',
  ],
}

const names = Object.keys(arrows).join('|')
/** Tests may measure with packages that their source must not depend on. */
const test = '\\.(test|bench)\\.ts$|^packages/[^/]+/bench/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unknown-package',
      comment: 'A new package states its arrows in this file.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/(${names})/` },
      to: {},
    },
    {
      name: 'tfjs-behind-tensor',
      comment: 'Only the tensor package and the backends import tfjs; tests may compare with it.',
      severity: 'error',
      from: {
        path: '^(packages|docs|tests)/',
        pathNot: ['^packages/(tensor|backend-[a-z]+)/', test],
      },
      to: { path: '@tensorflow/' },
    },
    {
      name: 'tfjs-by-its-umbrella',
      comment: 'tfjs-core beside tfjs gives two registries in Node.',
      severity: 'error',
      from: {},
      to: { path: '@tensorflow/tfjs-(core|layers|converter|data|node)' },
    },
    ...Object.entries(arrows).map(([name, allowed]) => ({
      name: `arrows-of-${name}`,
      severity: 'error',
      from: { path: `^packages/${name}/`, pathNot: test },
      to: {
        path: '^packages/',
        pathNot: `^packages/(${[name, ...allowed].join('|')})/`,
      },
    })),
    {
      name: 'no-deep-import',
      comment: 'Packages meet at their exported entries alone.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|docs|examples|tests)/' },
      to: {
        path: '^packages/[^/]+/',
        pathNot: ['^$1/', '^packages/[^/]+/src/[^/]+\\.ts$'],
      },
    },
    {
      name: 'no-relative-import-of-a-package',
      severity: 'error',
      from: { path: '^(packages/[^/]+|docs|examples|tests)/' },
      to: { path: '^packages/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      // Docusaurus makes up these modules.
      to: { couldNotResolve: true, pathNot: '^@(theme|theme-original|docusaurus|site|generated)/' },
    },
    {
      name: 'no-source-to-test',
      severity: 'error',
      from: { path: '^packages/', pathNot: test },
      to: { path: test },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: [
        '^(packages/[^/]+|docs|examples|tests)/(dist|build|out|\\.docusaurus)/',
        '^tests/setups/project/',
      ],
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
