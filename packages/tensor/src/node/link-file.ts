import { sameFile, viaPartial } from './partial'

/**
 * Gives a file another name in one step, in place of what has that name: two names of one content, or a copy where the file system
 * has one name a file.
 *
 * @param from The file.
 * @param path Its other name, in a folder that exists.
 * @throws the system's error, when it cannot be done; what was there before is intact.
 * @example
 * await writeWhole('run-7.txt', 'the last')
 * await linkFile('run-7.txt', 'run.txt')
 */
export async function linkFile(from: string, path: string): Promise<void> {
  await viaPartial(path, (partial) => sameFile(from, partial))
}
