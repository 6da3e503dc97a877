import { rmSync } from 'node:fs'
import { access, chmod, constants, mkdir, mkdtemp, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { toSvg } from '@sgm/viz'
import { toGif } from '@sgm/viz/node'
import type { Illustration, Progress, Section } from '../section'
import { type FigureFiles, type PageFacts, type PageSection, page } from './page'

const NEEDED = 64 * 2 ** 20
const THEMES = ['light', 'dark'] as const

/** A section, and how long it took. */
export interface TimedSection extends Section {
  readonly seconds: number
}

/** Thrown where a report cannot be written. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError'
}

/** A folder that a report can be put into. */
export interface ReportFolder {
  readonly path: string
  /** Writes the report beside its place and puts it there whole; what was there before goes. Returns the page's path. */
  write(
    sections: readonly TimedSection[],
    facts: PageFacts,
    progress: Progress,
    signal?: AbortSignal,
  ): Promise<string>
}

/**
 * Checks that a report can be written, before any work.
 *
 * @throws UnwritableError in one line when the folder cannot be written or the disk is full.
 */
export async function reportFolder(path: string): Promise<ReportFolder> {
  const place = resolve(path)
  const parent = dirname(place)
  try {
    await mkdir(parent, { recursive: true })
    await access(parent, constants.W_OK)
    await rm(await mkdtemp(join(parent, `.${basename(place)}-`)), { recursive: true })
  } catch (error) {
    throw new UnwritableError(
      `demo: expected a folder that can be written at ${parent}, got ${(error as Error).message}`,
    )
  }
  const { bavail, bsize } = await statfs(parent)
  if (bavail * bsize < NEEDED) {
    const free = Math.floor((bavail * bsize) / 2 ** 20)
    throw new UnwritableError(`demo: expected ${NEEDED / 2 ** 20} MiB free at ${parent}, got ${free} MiB`)
  }
  return {
    path: place,
    async write(sections, facts, progress, signal) {
      const beside = await mkdtemp(join(parent, `.${basename(place)}-`))
      const clean = () => rmSync(beside, { recursive: true, force: true })
      process.on('exit', clean)
      try {
        const total = sections.reduce((sum, { figures }) => sum + figures.length, 0)
        let done = 0
        const written: PageSection[] = []
        for (const section of sections) {
          const figures: FigureFiles[] = []
          for (const figure of section.figures) {
            progress('report', done++, total, figure.name)
            figures.push(await draw(beside, figure, signal))
          }
          written.push({ ...section, figures })
        }
        await writeFile(join(beside, 'index.html'), page(written, facts))
        await chmod(beside, 0o755)
        const old = `${beside}-old`
        const moved = await rename(place, old).then(
          () => true,
          () => false,
        )
        await rename(beside, place)
        if (moved) await rm(old, { recursive: true })
        progress('report', total, total, `${total} figures`)
        return join(place, 'index.html')
      } catch (error) {
        clean()
        throw full(error)
          ? new UnwritableError(`demo: expected room at ${parent}, got ${error.message}`)
          : error
      } finally {
        process.off('exit', clean)
      }
    },
  }
}

/** Draws a figure in both themes. */
async function draw(
  folder: string,
  { name, caption, picture, frames, fps = 12 }: Illustration,
  signal?: AbortSignal,
): Promise<FigureFiles> {
  const { width, height, description, title } = picture.layout()
  const files = { light: '', dark: '' }
  const still = { light: '', dark: '' }
  for (const theme of THEMES) {
    still[theme] = `${name}-${theme}.svg`
    await writeFile(join(folder, still[theme]), toSvg(picture, { theme }))
    files[theme] = still[theme]
    if (!frames) continue
    files[theme] = `${name}-${theme}.gif`
    await writeFile(
      join(folder, files[theme]),
      await toGif(frames, { theme, fps, hold: 3, ...(signal && { signal }) }),
    )
  }
  return {
    caption,
    description: [title, description].filter(Boolean).join('. '),
    width,
    height,
    ...files,
    ...(frames && { still }),
  }
}

function full(error: unknown): error is Error {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC'
}
