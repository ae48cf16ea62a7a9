/**
 * `crl engine list` and `crl engine install`.
 *
 * @module
 */
import { unknownName } from '../../spec/rules.js';
import { BROWSER_ENGINE_NAMES } from '../browser/engine-names.js';
import { checkEngine, type EngineCheck } from '../engines/check-engine.js';
import { type InstallableEngine, triedVersions } from '../engines/install/files.js';
import { install } from '../engines/install/install.js';
import { projectModules } from '../engines/install/link.js';
import { gigabytes, type Sizes } from '../engines/install/requirements.js';
import { declaredBackends } from '../support/declared-backends.js';
import { startProgress, underBar } from '../support/progress.js';
import { table } from './table.js';

/** The options of `crl engine install`, parsed. */
export interface InstallCommandOptions {
  readonly cache?: string;
  readonly python?: string;
  readonly version?: string;
  readonly offline?: string;
}

/**
 * Installs an engine, and tries it.
 *
 * @returns the exit code: 0, or 1 if it was installed and does not compute here
 * @throws EngineInstallError - if it could not be installed
 */
export async function engineInstallCommand(
  engine: InstallableEngine,
  options: InstallCommandOptions,
): Promise<number> {
  const modules = projectModules();
  const onBuild = ({ download, building }: Sizes) => {
    const source = options.offline === undefined ? `Downloads ${gigabytes(download)}` : 'Downloads nothing';
    print(`${source}, and needs ${gigabytes(building)} of disk while it builds.`);
  };
  const installed = await install({ engine, modules, onBuild, ...options });
  const { tensorflow } = installed.manifest;
  print(`${installed.isNew ? 'Built' : 'Found'} TensorFlow ${tensorflow} in ${installed.folder}`);
  print(`Linked it as ${installed.linked}`);
  if (!installed.wasTried) {
    print(
      `TensorFlow ${tensorflow} was not tried, and its checksum is not known; ${triedVersions(engine).join(', ')} were.`,
    );
  }
  const check = await checkEngine(engine);
  if (check.state === 'works') {
    print(`It computes: ${described(check)}. Verify it: crl verify --backend tfjs --engine ${engine}`);
    return 0;
  }
  process.stderr.write(`crl: engine ${engine} is installed, and ${check.state} here: ${check.reason}\n`);
  return 1;
}

/**
 * Tries engines, and lists what became of them.
 *
 * @param only - their names; all if there are none
 * @returns the exit code: 0, or 1 if an engine is broken
 * @throws InputRangeError - if there is no engine of a name
 */
export async function engineListCommand(
  only: readonly string[],
  { json = false }: { json?: boolean },
): Promise<number> {
  const known = engineNames();
  for (const name of only) if (!known.includes(name)) unknownName('engine', 'an engine', known, name);
  const names = only.length > 0 ? only : known;
  const bar = startProgress('Trying engines', names.length);
  const checks: EngineCheck[] = [];
  await underBar(bar, async () => {
    for (const name of names) {
      bar.show(name);
      checks.push(await checkEngine(name)); // one after the other: they share the processor
      bar.advance(name);
    }
  });
  bar.stop();
  if (json) print(JSON.stringify(checks, null, 2));
  else
    print(
      table(
        ['engine', 'state', 'what'],
        checks.map((check) => [check.engine, check.state, described(check)]),
      ),
    );
  return checks.some(({ state }) => state === 'broken') ? 1 : 0;
}

/** The engines of all backends, those of browsers last. */
function engineNames(): string[] {
  const names = declaredBackends.flatMap(({ engines }) => engines.map(({ name }) => name));
  return [...new Set([...names.filter((name) => !BROWSER_ENGINE_NAMES.includes(name)), ...names])];
}

function described({ state, reason, device, version, products }: EngineCheck): string {
  if (state === 'missing') return `get it with: ${reason}`;
  if (state !== 'works') return reason ?? '';
  const speed = products === undefined ? [] : [`${products} products of 256×256 matrices per second`];
  return [device, version, ...speed].join('; ');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
