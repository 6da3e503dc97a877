import { quoted } from './quoted'

/** How the command was called, so that a hint can be pasted: `npx @sgm/cli` where npx brought it, else `sgm`. */
export function invocation({ npm_command } = process.env, file = process.argv[1] ?? ''): string {
  const isOurs = /[\\/](sgm|cli[\\/]dist[\\/]bin\.cjs)$/.test(file)
  // npm's own package sgm is another one, which `npx sgm` would bring.
  return npm_command === 'exec' && isOurs ? 'npx @sgm/cli' : 'sgm'
}

/** A command on a run's folder, to be pasted: `sgm sample 'my run'`. */
export function pasteable(command: string, folder: string): string {
  return `${invocation()} ${command} ${quoted(folder)}`
}
