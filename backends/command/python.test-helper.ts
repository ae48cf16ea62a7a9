/**
 * A Python that has numpy, for tests of programs that are written in it.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';

/** The first of these that has numpy: `PYTHON` of the environment, `python3`, `python`. Undefined if none has. */
export const pythonWithNumpy: string | undefined = [process.env.PYTHON, 'python3', 'python'].find(
  (program) => program && spawnSync(program, ['-c', 'import numpy']).status === 0,
);

/** Why a test of a Python program did not run. */
export const NO_PYTHON =
  'no Python with numpy was found: set PYTHON to one, or run python3 -m pip install numpy';
