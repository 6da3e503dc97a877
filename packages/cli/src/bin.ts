#!/usr/bin/env node
import { main } from './main'
import { stopSignal } from './stop'

main(process.argv.slice(2), { signal: stopSignal() }).then((code) => {
  // An output that could not be written has set the code before.
  process.exitCode ||= code
})
