import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'

/** A process, as a file can name it. */
export interface Owner {
  readonly host: string
  readonly pid: number
  /** When it started, where the system tells: a later process of the same number has another start. */
  readonly started?: string
}

/** This process. */
export async function thisProcess(): Promise<Owner> {
  const known = await stateOf(process.pid)
  return { host: hostname(), pid: process.pid, ...(known && { started: known.started }) }
}

/** Whether a process of this host has ended. */
export async function hasEnded({ pid, started }: Omit<Owner, 'host'>): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true
  }
  const known = await stateOf(pid)
  return known !== undefined && (known.zombie || (started !== undefined && started !== known.started))
}

/** What Linux tells of a process: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function stateOf(
  pid: number,
): Promise<{ readonly zombie: boolean; readonly started: string } | undefined> {
  try {
    const [stat, boot] = await Promise.all(
      [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'].map((path) => readFile(path, 'utf8')),
    )
    // The second field is the program's name in parentheses, which may hold anything.
    const fields = stat!.slice(stat!.lastIndexOf(')') + 2).split(' ')
    return { zombie: /[ZX]/.test(fields[0]!), started: `${boot!.trim()}/${fields[19]}` }
  } catch {
    return undefined
  }
}
