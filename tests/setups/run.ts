import { execFile } from 'node:child_process'
import { basename } from 'node:path'
import { promisify } from 'node:util'

/** The environment of a shell, without what pnpm and vitest put there. */
export function environment(): NodeJS.ProcessEnv {
  const ours = /^p?npm_|^NODE_OPTIONS$|^NODE_ENV$|^VITEST|^VITE_|^TEST$|^MODE$|^DEV$|^PROD$|^SSR$|^BASE_URL$/i
  const rest = Object.entries(process.env).filter(([name]) => !ours.test(name))
  return { ...Object.fromEntries(rest), NEXT_TELEMETRY_DISABLED: '1' } as NodeJS.ProcessEnv
}

/** Runs a command to its end and gives what it prints. @throws Error with all that it printed. */
export async function output(
  command: string,
  args: string[],
  cwd: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  try {
    return await promisify(execFile)(command, args, { cwd, env: environment(), maxBuffer: 1 << 26 })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${basename(command)} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error })
  }
}
