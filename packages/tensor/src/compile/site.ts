import type { Site } from './graph'

const INTERNAL =
  /node_modules|node:internal|[\\/]@sgm[\\/]tensor[\\/]|[\\/]packages[\\/]tensor[\\/]src[\\/]|<anonymous>/

/** Where this package's own code is: its folder, or the one file it was built into. */
const OWN = frames(new Error().stack)[0]
  ?.match(/((?:\w+:\/\/|\/)[^()\s]*?)(?:compile\/site\.ts[^()]*)?(?::\d+:\d+)\)?$/)?.[1]
  ?.replace(/\?.*$/, '')

/** The first line of a stack that is the user's: `score (model.ts:12:7)`. */
export function callSite(stack = new Error().stack): string | undefined {
  return frames(stack)
    .find((line) => /\.test\.ts/.test(line) || !(INTERNAL.test(line) || (OWN && line.includes(OWN))))
    ?.replace(/^\s*at /, '')
}

/** Where a call was made; worked out when it is asked for, since reading a stack takes longer than recording the call. */
export function lazySite(): Site {
  const error = new Error()
  return { toString: () => callSite(error.stack) ?? '' }
}

function frames(stack: string | undefined): string[] {
  return stack?.split('\n').filter((line) => /:\d+:\d+/.test(line)) ?? []
}

/** `, called at score (model.ts:12:7)`, for the end of a message; empty where nothing is known. */
export function at(site: Site | undefined): string {
  const text = String(site ?? '')
  return text && `, called at ${text}`
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
