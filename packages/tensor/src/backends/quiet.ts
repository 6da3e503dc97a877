import * as tf from '@tensorflow/tfjs'

/**
 * Keeps the CPU backend from printing its banner in Node at the first tensor. tfjs may make the backend anew at
 * any time, so the mark that decides is fixed for all of them.
 */
export function quietCpu(): void {
  if (!tf.env().getBool('IS_NODE')) return
  const cpu = tf.findBackend('cpu') as unknown as { firstUse: boolean } | null
  if (!cpu) return
  cpu.firstUse = false
  Object.defineProperty(Object.getPrototypeOf(cpu), 'firstUse', {
    get: () => false,
    set: () => {},
    configurable: true,
  })
}
