import { library } from '../../tsup.shared.ts'

/** Libraries that are ES modules only: Node before 20.19 cannot `require` them, so the CommonJS build carries them. */
const modules = ['d3-*', 'fast-png']

export default library({
  entry: ['src/index.ts', 'src/node.ts'],
  shims: true,
  noExternal: [/^d3-/, 'fast-png', 'fflate', 'iobuffer'],
  esbuildOptions(options, { format }) {
    if (format === 'esm') options.external = [...(options.external ?? []), ...modules]
  },
})
