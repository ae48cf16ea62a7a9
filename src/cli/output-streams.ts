/**
 * What the command does if standard output or standard error cannot be written.
 *
 * @module
 */

/**
 * Ends the command where its result cannot be written: with exit code 2 and the reason, or, where the reader, such as
 * `head`, has had enough, with the exit code of what was found. Standard error that cannot be written changes nothing:
 * it holds no result.
 */
export function watchOutput(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit();
    process.stderr.write(
      `crl: standard output: expected a place with room that can be written to, got ${message}; --report FILE writes a file\n`,
    );
    process.exit(2);
  });
}
