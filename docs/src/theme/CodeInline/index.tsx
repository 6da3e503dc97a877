import type { ComponentProps } from 'react'

/** Options such as `--batch-size`, at whose hyphens lines would break; longer ones may, in narrow columns. */
const OPTION = /((?<![^\s[(])--?[a-z][\w-]{0,14}(?![\w-]))/i

/** Code in a line of text, whose options stay on one line. */
export default function CodeInline({ children, ...props }: ComponentProps<'code'>) {
  return <code {...props}>{typeof children === 'string' ? children.split(OPTION).map(kept) : children}</code>
}

/** Every second part is an option. */
const kept = (part: string, i: number) =>
  i % 2 === 1 ? (
    <span key={i} className="glued">
      {part}
    </span>
  ) : (
    part
  )
