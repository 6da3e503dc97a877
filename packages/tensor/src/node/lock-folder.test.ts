import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inProcess } from '../../../../in-process.shared'
import { LockedError, lockFolder } from './lock-folder'

let folder = ''
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgm-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** Processes that lock the folder and stay; each says `held` or what the lock's error is. */
async function lockers(count: number): Promise<{ child: ChildProcess; said: string }[]> {
  const source = `
    const { lockFolder } = await import(${JSON.stringify(join(import.meta.dirname, 'lock-folder.ts'))})
    process.stdin.once('data', async () => {
      await lockFolder(${JSON.stringify(folder)}).then(() => console.log('held'), (error) => console.log(error.message))
    })
    console.log('ready')`
  const [command, ...args] = inProcess(source)
  const started = Array.from({ length: count }, () =>
    spawn(command!, args, { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  children.push(...started)
  const line = (child: (typeof started)[number]) =>
    new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text).trim())))
  await Promise.all(started.map(line))
  const answers = started.map(line)
  for (const child of started) child.stdin.write('go\n')
  return Promise.all(answers.map(async (said, i) => ({ child: started[i]!, said: await said })))
}

const kill = (child: ChildProcess) =>
  new Promise((resolve) => {
    child.once('exit', resolve)
    child.kill('SIGKILL')
  })

it('is one holder’s until it is released', async () => {
  const lock = await lockFolder(folder)
  const held = `lockFolder: expected a folder that no one else works in, got ${folder}/lock, held by process ${process.pid} on this host`
  await expect(lockFolder(folder)).rejects.toThrow(held)
  await expect(lockFolder(folder)).rejects.toBeInstanceOf(LockedError)
  await lock.check()
  await lock.release()
  expect(await readdir(folder)).toEqual([])
  await (await lockFolder(folder)).release()
})

it('is held by one of several processes that want it at once, and taken over from it when it is killed', async () => {
  const first = await lockers(4)
  const holder = first.filter(({ said }) => said === 'held')
  expect(holder).toHaveLength(1)
  const { pid } = holder[0]!.child
  for (const { said } of first)
    if (said !== 'held') expect(said).toContain(`held by process ${pid} on this host`)
  await kill(holder[0]!.child)
  expect(await readdir(folder)).toEqual(['lock'])
  const second = await lockers(4)
  expect(second.filter(({ said }) => said === 'held')).toHaveLength(1)
  expect(await readdir(folder)).toEqual(['lock'])
})

it('of another host stays, and says which', async () => {
  await writeFile(join(folder, 'lock'), '{"host":"elsewhere","pid":1}\n')
  await expect(lockFolder(folder)).rejects.toThrow('held by process 1 on the host elsewhere')
  await writeFile(join(folder, 'lock'), '')
  await expect(lockFolder(folder)).rejects.toThrow('held by a lock that names no process')
  for (const pid of [0, -1, 1.5, '7', null]) {
    await writeFile(join(folder, 'lock'), JSON.stringify({ host: hostname(), pid }))
    await expect(lockFolder(folder)).rejects.toThrow('held by a lock that names no process')
  }
})

it('of an earlier process that had the number of a living one is taken over', async () => {
  const own = await lockFolder(folder)
  const made = JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))
  await own.release()
  expect(made).toMatchObject({ host: hostname(), pid: process.pid })
  // Where the system tells no start, the number alone decides.
  if (made.started === undefined) return
  await writeFile(join(folder, 'lock'), JSON.stringify({ ...made, started: 'before/1' }))
  const lock = await lockFolder(folder)
  await lock.check()
  await lock.release()
})

it('notices that it is gone', async () => {
  const lock = await lockFolder(folder)
  await writeFile(join(folder, 'lock'), '{"host":"elsewhere","pid":1}\n')
  await expect(lock.check()).rejects.toThrow(/lock to stay, got one of process 1 on the host elsewhere/)
  await lock.release()
  expect(await readdir(folder)).toEqual(['lock'])
  await rm(folder, { recursive: true })
  await expect(lock.check()).rejects.toThrow(/lock to stay, got none: was the folder deleted\?/)
  await lock.release()
  await expect(lockFolder(folder)).rejects.toThrow(`lockFolder: could not write ${folder}/lock: ENOENT`)
})
