/** The lower and the upper end of a range. */
export type Extent = readonly [low: number, high: number]

/** Any colour that CSS knows, or the place of a colour in the theme's palette, from 0. */
export type Color = string | number

/** A line along straight segments: x and y of every corner in turn, in pixels. */
export type Polyline = ArrayLike<number>

/** What renderers draw. Coordinates are pixels, x to the right and y downwards, from the corner of the enclosing group. */
export type Shape = PathShape | DotsShape | ImageShape | TextShape | GroupShape

/** Lines, or areas (with holes where they overlap) when there is a `fill`. */
export interface PathShape {
  readonly type: 'path'
  readonly lines: readonly Polyline[]
  /** Joins the end of each line with its start. */
  readonly closed?: boolean
  readonly fill?: string
  readonly stroke?: string
  readonly strokeWidth?: number
  /** From 0 to 1. @default 1 */
  readonly opacity?: number
  /** Lengths of strokes and gaps in turn. */
  readonly dash?: readonly number[]
}

/** Filled discs of one size and colour. */
export interface DotsShape {
  readonly type: 'dots'
  readonly centres: Polyline
  readonly radius: number
  readonly fill: string
  /** From 0 to 1, of every disc by itself: where many lie, they add up. @default 1 */
  readonly opacity?: number
}

/** Pixels stretched over a rectangle. */
export interface ImageShape {
  readonly type: 'image'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** `[rows, columns, 4]` bytes: red, green, blue, opacity; the upper row first. */
  readonly pixels: Uint8ClampedArray
  readonly columns: number
  readonly rows: number
  /** Blends neighbouring pixels instead of showing squares. */
  readonly smooth: boolean
}

/** One line of text. */
export interface TextShape {
  readonly type: 'text'
  readonly x: number
  readonly y: number
  readonly text: string
  readonly fill: string
  readonly size: number
  readonly bold?: boolean
  /** The part of the text that lies at x. @default 'start' */
  readonly anchor?: 'start' | 'middle' | 'end'
  /** The part of the text that lies at y. @default 'baseline' */
  readonly baseline?: 'baseline' | 'middle'
  /** Reads upwards. */
  readonly upwards?: boolean
}

/** Shapes that share an origin. */
export interface GroupShape {
  readonly type: 'group'
  /** What the group is, for style sheets: the class of an SVG's group. */
  readonly name: string
  readonly x: number
  readonly y: number
  /** Hides what lies outside [0, width] × [0, height]. */
  readonly clip?: { readonly width: number; readonly height: number }
  readonly shapes: readonly Shape[]
}

/** A picture laid out, ready to be drawn: what every output starts from. */
export interface Scene {
  readonly width: number
  readonly height: number
  readonly background: string
  /** A CSS list of font families. */
  readonly font: string
  readonly title: string
  readonly description: string
  readonly shapes: readonly Shape[]
}

/** How a picture is to look. */
export interface Style {
  /** @default the figure's own, else `'light'` */
  readonly theme?: ThemeName | Theme
  /** Pixels, >= 80. @default the figure's own, else 560, and 1000 for panels */
  readonly width?: number
  /** Whether lines below say what is not shown, such as values that are not finite. @default true, false for frames */
  readonly notes?: boolean
}

/** The themes by name. */
export type ThemeName = 'light' | 'dark'

/** The colours and the fonts of a picture. */
export interface Theme {
  readonly background: string
  /** Text and axes. */
  readonly ink: string
  /** Tick labels and notes. */
  readonly muted: string
  /** Lines at the ticks. */
  readonly rule: string
  /** Colours of series, told apart by readers with any kind of colour vision. */
  readonly palette: readonly string[]
  /** Where the scale of densities ends: light enough for what is drawn over it. */
  readonly accent: string
  /** The two ends of signed scales. */
  readonly signed: readonly [negative: string, positive: string]
  /** A CSS list of font families. */
  readonly font: string
}

/** From 0…1 to a colour that CSS knows. */
export type ColorScale = (u: number) => string

/** A figure, or panels of figures. */
export interface Picture {
  /** Lays the picture out. */
  layout(style?: Style): Scene
}

/** Where a mark stands among its figure's: what its colours come from. */
export interface Paint {
  readonly theme: Theme
  /** The colour that was asked for; without one, the mark's i-th of the palette. */
  color(asked?: Color, i?: number): string
}

/** The area that a mark draws on. */
export interface Plot extends Paint {
  readonly width: number
  readonly height: number
  /** The window in data coordinates. */
  readonly window: Window
  /** From data to pixels. */
  x(value: number): number
  /** From data to pixels. */
  y(value: number): number
}

/** The part of the plane that a plot shows. */
export interface Window {
  readonly x: Extent
  readonly y: Extent
}

/** One entry of a legend. */
export interface LegendEntry {
  readonly label: string
  readonly color: string
  readonly swatch: 'line' | 'dot' | 'area'
  readonly dash?: readonly number[]
}

/** What a bar of colours says. */
export interface Colorbar {
  readonly label: string
  readonly scale: ColorScale
  readonly domain: Extent
  readonly type?: 'linear' | 'log'
}

/** A tick at a place of one's own. */
export interface Tick {
  readonly at: number
  readonly label: string
}

/** How an axis is drawn. */
export interface AxisOptions {
  /** @default what the marks suggest */
  readonly label?: string
  /** The window. @default what the marks span */
  readonly domain?: Extent
  /** `'log'` needs values > 0. @default `'linear'` */
  readonly scale?: 'linear' | 'log'
  /** About how many ticks, or which. @default one every 70 pixels */
  readonly ticks?: number | readonly (number | Tick)[]
  /** Light lines at the ticks. @default where no mark fills the plane */
  readonly grid?: boolean
  /** Whether the axis has a line, with marks at the ticks. @default true */
  readonly line?: boolean
  /** Whether the axis is drawn at all. @default true */
  readonly show?: boolean
}

/**
 * Something that a figure shows: what it spans, and how it is drawn. Every maker of marks in this package gives one; a mark of
 * your own is an object like it.
 */
export interface Mark {
  /** Its group's name in the SVG. */
  readonly name: string
  /** What it shows, in a few words, for readers who cannot see it. */
  readonly description: string
  /** The values it spans; left out when it has none. */
  readonly x?: Extent | undefined
  readonly y?: Extent | undefined
  /** It covers its extent to the edge, so that the window ends there. */
  readonly fills?: { readonly x?: boolean; readonly y?: boolean }
  /** One unit of x should be as long as one of y. */
  readonly equal?: boolean
  /** Axes as they suit it. */
  readonly axes?: { readonly x?: AxisOptions; readonly y?: AxisOptions }
  /** How many colours of the palette it takes by default; a density takes one, so that points over it have another. @default 0 */
  readonly colors?: number
  readonly colorbar?: ((theme: Theme) => Colorbar) | undefined
  legend?(paint: Paint): readonly LegendEntry[]
  /** What it does not show, and why. */
  note?(window: Window): string | undefined
  draw(plot: Plot): readonly Shape[]
}
