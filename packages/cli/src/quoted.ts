/** A path as a shell takes it, to be pasted: in quotes where it holds more than letters, digits and `_ . / : @ % + = , -`. */
export function quoted(path: string, platform = process.platform): string {
  const named = path.startsWith('-') ? `./${path}` : path
  if (/^[\w./:@%+=,-]+$/.test(named)) return named
  return platform === 'win32' ? `"${named}"` : `'${named.replaceAll("'", `'\\''`)}'`
}
