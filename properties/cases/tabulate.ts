/**
 * A list of which every entry is made from its place.
 *
 * `Array.from({ length }, of)` asks an object for its entries and takes ten times as long, which shows where a run
 * draws ten million numbers.
 */
export function tabulate<T>(length: number, of: (at: number) => T): T[] {
  const list = new Array<T>(length);
  for (let at = 0; at < length; at++) list[at] = of(at);
  return list;
}
