import { library, requiring } from '../../tsup.shared.ts'

/** Libraries that are ES modules only: Node before 20.19 cannot `require` them, so the CommonJS build, which the command is, carries them. */
const modules = ['fast-png']

export default library({
  entry: ['src/index.ts', 'src/bin.ts', 'src/load-run.ts', 'src/files/node.ts', 'src/files/browser.ts'],
  dts: { entry: ['src/index.ts', 'src/bin.ts', 'src/load-run.ts'] },
  splitting: true,
  external: ['#files'],
  noExternal: modules,
  removeNodeProtocol: false,
  esbuildOptions(options, { format }) {
    if (format === 'esm') options.external = [...(options.external ?? []), ...modules]
    // By `import`, what is loaded late would bring a second copy of each package along, as ES modules.
    else options.supported = { ...options.supported, ...requiring }
  },
})
