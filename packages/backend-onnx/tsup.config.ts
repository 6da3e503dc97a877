import { library } from '../../tsup.shared.ts'

export default library({
  entry: ['src/index.ts', 'src/webgpu.ts', 'src/platform/node.ts', 'src/platform/browser.ts'],
  dts: { entry: ['src/index.ts', 'src/webgpu.ts'] },
  external: ['#platform'],
  removeNodeProtocol: false,
})
