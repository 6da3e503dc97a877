import { program } from './program.js'

// The query names a backend.
program(location.search.slice(1) || undefined).then(
  (result) => {
    globalThis.result = result
  },
  (error) => {
    globalThis.result = { error: String(error) }
  },
)
