#!/usr/bin/env node
import { main } from './main'

const stop = new AbortController()
process.on('SIGINT', () => {
  if (stop.signal.aborted) process.exit(130)
  stop.abort(new Error('stopped by Ctrl-C'))
  process.stderr.write('\nsgm: stopping; Ctrl-C again stops at once\n')
})
process.on('SIGTERM', () => stop.abort(new Error('stopped by SIGTERM')))
main(process.argv.slice(2), { signal: stop.signal }).then((code) => {
  process.exitCode = code
})
