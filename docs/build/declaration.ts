/**
 * The source of a declaration, for pages that show the code under an equation.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * A top-level declaration of a file, without its doc comment's examples.
 *
 * @param path - of a TypeScript file
 * @param name - of a function, a constant, an interface or a type
 * @throws Error - if the file has no such declaration, so that a page cannot show what is gone
 */
export function declarationText(path: string, name: string): string {
  const text = readFileSync(path, 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found = source.statements.find((statement) => namesOf(statement).includes(name));
  if (!found) throw new Error(`${path} declares no ${name}`);
  return found.getFullText(source).trim().replace(EXAMPLE, '').replace(EMPTY_COMMENT, '');
}

/** An `@example` up to the end of its fence: the generated reference shows it, a page would repeat it. */
const EXAMPLE =
  /\n[ \t]*\* @example\n(?:[ \t]*\*(?!\/).*\n)*?[ \t]*\* ```\n(?:[ \t]*\*(?!\/).*\n)*?[ \t]*\* ```(?=\n)/g;
const EMPTY_COMMENT = /^\/\*\*\s*\*\/\n/;

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as ts.Statement & { name?: ts.Identifier };
  return name ? [name.text] : [];
}

/**
 * The file of the specification that declares a name.
 *
 * @throws Error - if none does, or several do
 */
export function specFile(top: string, name: string): string {
  const folder = join(top, 'spec');
  const found = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'index.ts')
    .map((file) => join(folder, file))
    .filter((path) =>
      new RegExp(`^(export )?(function|const|interface|type) ${name}\\b`, 'm').test(
        readFileSync(path, 'utf8'),
      ),
    );
  if (found.length !== 1) throw new Error(`${found.length} files of spec/ declare ${name}, expected 1`);
  return found[0] as string;
}
