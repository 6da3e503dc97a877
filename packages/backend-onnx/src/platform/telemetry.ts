const VARIABLE = 'ORT_DISABLE_TELEMETRY'

/**
 * Switches off the telemetry of onnxruntime-node, which from 1.28 on is on by default: it keeps a device id in the user's folder and files in the temporary one,
 * and looks up a server. The first session of a process reads the variable `ORT_DISABLE_TELEMETRY`; a value that is there stays.
 */
export async function disableTelemetry(): Promise<void> {
  process.env[VARIABLE] ??= '1'
  const { isMainThread } = await import('node:worker_threads')
  if (isMainThread) return
  await setOnMainThread(process.env[VARIABLE]).catch(({ message }: Error) => {
    process.emitWarning(
      `onnx: ONNX Runtime may send telemetry, which this worker cannot switch off for the process (${message}): set ${VARIABLE}=1 before Node starts`,
    )
  })
}

/**
 * The environment of a worker thread is a copy, which native code does not see. The inspector reaches the main thread, even while that waits for the
 * worker.
 */
async function setOnMainThread(value: string): Promise<void> {
  const { Session } = await import('node:inspector/promises')
  const session = new Session()
  // The inspector's answer is nothing that a worker with nothing else to do would wait for.
  const waiting = setInterval(() => {}, 1000)
  try {
    session.connectToMainThread()
    const expression = `process.env.${VARIABLE} ??= ${JSON.stringify(value)}`
    await session.post('Runtime.evaluate', { expression })
    session.disconnect()
  } finally {
    clearInterval(waiting)
  }
}
