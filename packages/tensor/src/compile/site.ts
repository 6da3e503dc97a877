const INTERNAL =
  /node_modules|node:internal|[\\/]@sgm[\\/]tensor[\\/]|[\\/]packages[\\/]tensor[\\/]src[\\/](?!.*\.test\.)|<anonymous>/

/** The first line of the stack that is the user's: `score (model.ts:12:7)`. */
export function callSite(): string | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 40
  const lines = new Error().stack?.split('\n').slice(1) ?? []
  Error.stackTraceLimit = limit
  return lines.find((line) => !INTERNAL.test(line))?.replace(/^\s*at /, '')
}
