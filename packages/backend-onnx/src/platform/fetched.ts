/** The bytes at a URL. */
export async function fetched(url: string): Promise<Uint8Array> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`onnx: could not fetch ${url}: status ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** The bytes of a file that a model at a URL names. */
export function fetchedBeside(url: string, name: string): Promise<Uint8Array> {
  return fetched(new URL(name, new URL(url, globalThis.location?.href)).href)
}
