/** A Markdown table. */
export function markdown(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')))
  return [heading, heading.map(() => '---'), ...escaped].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}
