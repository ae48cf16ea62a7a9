/** The `mnist` package has no types of its own: ten digits, each with its pixels one after the other. */
declare module 'mnist' {
  const digits: { readonly [digit: number]: { readonly raw: readonly number[] } };
  export default digits;
}
