import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What a launcher of Playwright needs to start a Chromium on this machine. */
export interface Chromium {
  readonly executablePath: string
  readonly args: string[]
  /** The whole environment to start it in. */
  readonly env: Record<string, string>
}

const quiet = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-quic',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
]
const software = ['--ignore-gpu-blocklist', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
const touched = ['TMPDIR', 'AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH']
const installed = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const webgpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']

/** What it takes to show a canvas that WebGPU in software draws to: pages then show by Vulkan too, in software. */
export const canvases = ['--enable-features=Vulkan', '--use-vulkan=swiftshader']

/**
 * Finds a headless Chromium: the one named by `SGM_CHROMIUM`, else the one that comes from npm, else the system's.
 * WebGL and WebGPU run in software (SwiftShader), so results do not depend on the machine's GPU.
 *
 * @throws Error if none of them starts.
 */
export async function findChromium(): Promise<Chromium> {
  const args = [...quiet, ...software, ...webgpu]
  const candidates = process.env.SGM_CHROMIUM
    ? [{ executablePath: process.env.SGM_CHROMIUM, env: {} }]
    : [...(await packaged()), ...installed.map((executablePath) => ({ executablePath, env: {} }))]
  const problems: string[] = []
  for (const candidate of candidates) {
    const problem = start(candidate.executablePath, candidate.env)
    if (!problem) return { executablePath: candidate.executablePath, args, env: environment(candidate.env) }
    problems.push(`${candidate.executablePath}: ${problem}`)
  }
  throw new Error(`chromium: expected one that starts (name it in SGM_CHROMIUM), got\n${problems.join('\n')}`)
}

/** The Chromium from npm, first with the system's libraries, then with those it carries. */
async function packaged() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return []
  const folder = await unpack()
  const executablePath = join(folder, 'chromium')
  const fonts = { FONTCONFIG_PATH: join(folder, 'fonts') }
  const carried = { ...fonts, LD_LIBRARY_PATH: join(folder, 'al2023/lib') }
  return [
    { executablePath, env: fonts },
    { executablePath, env: carried },
  ]
}

/** Why a browser does not start; empty if it does. */
function start(path: string, env: Record<string, string>): string {
  if (!existsSync(path)) return 'no such file'
  const { status, stderr, error } = spawnSync(path, ['--version', '--no-sandbox'], {
    env: environment(env),
    encoding: 'utf8',
  })
  return status === 0 ? '' : (error?.message ?? (stderr.trim() || `exit code ${status}`))
}

function environment(extra: Record<string, string>): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return { ...Object.fromEntries(own), ...extra }
}

/** Unpacks the Chromium of @sparticuz/chromium once, into a folder named after its version. */
async function unpack(): Promise<string> {
  const require = createRequire(import.meta.url)
  const home = dirname(dirname(dirname(require.resolve('@sparticuz/chromium'))))
  const { version } = require(join(home, 'package.json')) as { version: string }
  const cache = join(import.meta.dirname, '../node_modules/.cache')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const staging = mkdtempSync(join(cache, 'unpacking-'))
  const before = Object.fromEntries(touched.map((name) => [name, process.env[name]]))
  // The package unpacks where TMPDIR points, its system libraries only where it takes itself to be on Lambda.
  Object.assign(process.env, { TMPDIR: staging, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' })
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    await chromium.executablePath()
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
  writeFileSync(
    join(staging, 'fonts/fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${join(folder, 'fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${join(folder, 'cache')}</cachedir>
</fontconfig>`,
  )
  try {
    renameSync(staging, folder)
  } catch (error) {
    // Another process was first.
    if (!existsSync(folder)) throw error
    rmSync(staging, { recursive: true })
  }
  return folder
}
