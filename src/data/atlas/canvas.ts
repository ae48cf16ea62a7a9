/**
 * A grey plane to draw on, whose edges are one pixel soft. Where drawings overlap, the brighter one shows.
 *
 * @module
 */

/** A point in pixels, from the upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A square plane of brightness, 0 to 1. */
export class Canvas {
  readonly data: Float32Array;
  /** @param size - side in pixels */
  constructor(readonly size: number) {
    this.data = new Float32Array(size * size);
  }

  /** Draws what `brightness` says of each pixel's centre, within `reach` of a point. */
  paint({ x, y }: Point, reach: number, brightness: (x: number, y: number) => number): void {
    const [left, right] = [Math.max(0, Math.floor(x - reach)), Math.min(this.size - 1, Math.ceil(x + reach))];
    const [top, bottom] = [Math.max(0, Math.floor(y - reach)), Math.min(this.size - 1, Math.ceil(y + reach))];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const at = row * this.size + column;
        this.data[at] = Math.max(this.data[at] as number, brightness(column + 0.5, row + 0.5));
      }
    }
  }

  /** A disc. */
  disc(centre: Point, radius: number, value: number): void {
    this.paint(centre, radius + 1, (x, y) => value * soft(radius - length(centre.x - x, centre.y - y)));
  }

  /** A circle as wide as a pen. */
  ring(centre: Point, radius: number, width: number, value: number): void {
    this.paint(centre, radius + width + 1, (x, y) => {
      return value * soft(width / 2 - Math.abs(length(centre.x - x, centre.y - y) - radius));
    });
  }

  /** A line from one point to the next, as wide as a pen. */
  stroke(points: readonly Point[], width: number, value: number): void {
    points.slice(1).forEach((to, i) => {
      const from = points[i] as Point;
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const square = dx * dx + dy * dy || 1;
      const middle = { x: from.x + dx / 2, y: from.y + dy / 2 };
      this.paint(middle, Math.sqrt(square) / 2 + width + 1, (x, y) => {
        const along = Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / square));
        return value * soft(width / 2 - length(from.x + along * dx - x, from.y + along * dy - y));
      });
    });
  }
}

/** The share of a pixel that is covered, from its distance inside an edge in pixels. */
export function soft(inside: number): number {
  return Math.min(1, Math.max(0, inside + 0.5));
}

/** Math.hypot also guards against overflow, which pixels are far from, and takes many times as long. */
export function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}
