let nowhere: MessagePort | undefined

/**
 * Frees the memory of buffers that nothing reads any more, which become empty. Left to the garbage collector, some megabytes a call make
 * it run every few calls, on the cores that compute.
 */
export function free(buffers: readonly ArrayBuffer[]): void {
  nowhere ??= closedPort()
  nowhere.postMessage(undefined, [...buffers])
}

/** A port whose messages, and with them what they carry, are dropped as they are sent. */
function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel()
  port2.close()
  return port1
}
