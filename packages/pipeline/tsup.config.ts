import { library } from '../../tsup.shared.ts'

export default library({
  entry: ['src/index.ts', 'src/files/node.ts', 'src/files/browser.ts'],
  dts: { entry: 'src/index.ts' },
  external: ['#files'],
  removeNodeProtocol: false,
})
