/** Cores of this machine that the process may use, as ONNX Runtime counts them: two threads of one core are one. */
export async function cores(): Promise<number> {
  const [{ availableParallelism, cpus }, { readFile }] = await Promise.all([
    import('node:os'),
    import('node:fs/promises'),
  ])
  const threads = cpus().length
  const siblings = await Promise.all(
    Array.from({ length: threads }, (_, i) =>
      readFile(`/sys/devices/system/cpu/cpu${i}/topology/thread_siblings_list`, 'utf8').catch(() => `${i}`),
    ),
  )
  const perCore = Math.max(1, threads / new Set(siblings).size)
  return Math.max(1, Math.floor(availableParallelism() / perCore))
}
