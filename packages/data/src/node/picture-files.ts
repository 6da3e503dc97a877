import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expected } from '@sgm/tensor/check'

const PICTURE = /\.(png|jpe?g)$/i

/** The pictures under a folder, in the order of their paths. */
export interface PictureFiles {
  readonly files: readonly string[]
  /** By the folder that a picture lies in, where there are folders. */
  readonly labels?: readonly number[]
  readonly classes?: readonly string[]
}

/**
 * The PNG and JPEG files of a folder; or, where they lie in folders (at any depth), those and the first-level folders as
 * their classes. Names that begin with a dot are passed over.
 */
export async function pictureFiles(path: string): Promise<PictureFiles> {
  const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'))
  const files = entries
    .filter((entry) => !entry.isDirectory() && PICTURE.test(entry.name))
    .map(({ name }) => name)
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  const inside: string[][] = []
  for (const folder of folders) inside.push(await picturesUnder(join(path, folder)))
  const classes = folders.filter((_, i) => inside[i]!.length > 0)
  if (files.length > 0 && classes.length > 0) {
    const what = `pictures either in ${path} or in folders in it`
    throw expected('openImages', what, `${files[0]} and the folder ${classes[0]}`)
  }
  if (classes.length === 0) return { files: files.sort().map((name) => join(path, name)) }
  const filled = inside.filter((list) => list.length > 0)
  return {
    files: filled.flat(),
    labels: filled.flatMap((list, label) => list.map(() => label)),
    classes,
  }
}

async function picturesUnder(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory() && PICTURE.test(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}
