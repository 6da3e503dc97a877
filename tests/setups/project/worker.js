import { program } from './program.js'

program().then(postMessage, (error) => postMessage({ error: String(error) }))
