import { fileURLToPath } from 'node:url'

/** The command line that runs a TypeScript module, given as text, in a process of its own. */
export function inProcess(source: string): string[] {
  const loader = fileURLToPath(import.meta.resolve('tsx'))
  return [process.execPath, '--import', loader, '--input-type=module', '--eval', source]
}
