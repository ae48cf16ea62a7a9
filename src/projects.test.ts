import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** A project, and those that it refers to. */
function projectsFrom(path: string): ts.ParsedCommandLine[] {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) =>
      expect.fail(ts.flattenDiagnosticMessageText(messageText, '\n')),
  };
  const project = ts.getParsedCommandLineOfConfigFile(path, {}, host);
  if (!project) throw new Error(`${path} is not a project`);
  expect(project.errors).toEqual([]);
  const references = project.projectReferences ?? [];
  return [
    project,
    ...references.flatMap((reference) => projectsFrom(ts.resolveProjectReferencePath(reference))),
  ];
}

/** Of each file of the projects, whether the compiler asks what happens when an index is out of bounds. */
const asksOfIndices = new Map<string, Set<boolean>>();
for (const { options, fileNames } of projectsFrom(resolve(root, 'tsconfig.json'))) {
  for (const name of fileNames.map((file) => relative(root, file))) {
    const asks = asksOfIndices.get(name) ?? new Set();
    asksOfIndices.set(name, asks.add(options.noUncheckedIndexedAccess === true));
  }
}

describe('the TypeScript projects', () => {
  it('have every TypeScript file of the repository', () => {
    const files = ['spec', 'backends', 'properties', 'src', 'bench', 'docs']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
          join(folder, name),
        ),
      )
      .filter((name) => /\.m?ts$/.test(name))
      .filter((name) => !name.startsWith('backends/host/simd/assembly/')) // AssemblyScript
      .filter((name) => !name.startsWith('docs/site/')); // generated
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((name) => !asksOfIndices.has(name))).toEqual([]);
  });

  it('check indices everywhere but in the host kernel, whose loops index typed arrays', () => {
    const unchecked = [...asksOfIndices].filter(([, asks]) => asks.has(false)).map(([name]) => name);
    expect(unchecked.length).toBeGreaterThan(0);
    expect(unchecked.filter((name) => !name.startsWith('backends/host/'))).toEqual([]);
    for (const [name, asks] of asksOfIndices) expect([name, asks.size]).toEqual([name, 1]);
  });
});
