import { library } from '../../tsup.shared.ts'

export default library({
  entry: [
    'src/index.ts',
    'src/webgpu.ts',
    'src/native.ts',
    'src/platform/node.ts',
    'src/platform/browser.ts',
    'src/platform/whole.ts',
  ],
  dts: { entry: ['src/index.ts', 'src/webgpu.ts'] },
  external: ['#platform', '#native'],
  removeNodeProtocol: false,
  // Threads find the runtime from where this package is, in CommonJS too.
  shims: true,
})
