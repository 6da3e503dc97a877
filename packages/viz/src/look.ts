import { checkLists, checkStrings, expectedType } from '@sgm/tensor/check'

/** Throws TypeError unless a label, where there is one, is text. */
export function checkLabel(where: string, label: unknown): void {
  if (label !== undefined) checkStrings(where, { label })
}

/** Throws TypeError unless labels, where there are any, are a list of texts. */
export function checkLabels(where: string, labels: { readonly [name: string]: unknown }): void {
  for (const [name, list] of Object.entries(labels)) {
    if (list === undefined) continue
    checkLists(where, { [name]: list })
    for (const [i, label] of Object.entries(list as readonly unknown[]))
      checkStrings(where, { [`${name}[${i}]`]: label })
  }
}

/** Throws TypeError unless a colour, where there is one, is text or a place in the palette. */
export function checkColor(where: string, color: unknown): void {
  const isPlace = Number.isInteger(color) && Number(color) >= 0
  if (color === undefined || typeof color === 'string' || isPlace) return
  throw expectedType(where, 'color to be a colour of CSS, or a place in the palette from 0', color)
}
