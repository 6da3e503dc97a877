import { library } from '../../tsup.shared.ts'

export default library({
  entry: ['src/index.ts', 'src/particles.ts', 'src/dawn/node.ts', 'src/dawn/browser.ts'],
  dts: { entry: ['src/index.ts', 'src/particles.ts'], banner: '/// <reference types="@webgpu/types" />' },
  external: ['#dawn'],
})
