#!/usr/bin/env node
import module from 'node:module'

/** Of Node 22.8 and later: keeps what is compiled from here on for the next time. */
const { enableCompileCache } = module as { readonly enableCompileCache?: () => void }

enableCompileCache?.()

Promise.all([import('./main'), import('./stop')]).then(async ([{ main }, { stopSignal }]) => {
  const code = await main(process.argv.slice(2), { signal: stopSignal() })
  // An output that could not be written has set the code before.
  process.exitCode ||= code
})
