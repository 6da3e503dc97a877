const INTERNAL =
  /node_modules|node:internal|[\\/]@sgm[\\/]tensor[\\/]|[\\/]packages[\\/]tensor[\\/]src[\\/](?!.*\.test\.)|<anonymous>/

/** The first line of a stack that is the user's: `score (model.ts:12:7)`. */
export function callSite(stack = new Error().stack): string | undefined {
  const lines = stack?.split('\n').filter((line) => /:\d+:\d+/.test(line)) ?? []
  return lines.find((line) => !INTERNAL.test(line))?.replace(/^\s*at /, '')
}

/** `, called at score (model.ts:12:7)`, for the end of a message; empty where nothing is known. */
export function at(site: string | undefined): string {
  return site ? `, called at ${site}` : ''
}

/** Runs `fn` with stacks deep enough to reach from tfjs's innermost functions to the user's line. */
export function withDeepStacks<T>(fn: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 60
  try {
    return fn()
  } finally {
    Error.stackTraceLimit = limit
  }
}
