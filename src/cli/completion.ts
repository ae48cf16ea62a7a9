/**
 * `crl completion`: scripts that complete commands, options and their values, made of the command line itself.
 *
 * @module
 */
import type { Command } from 'commander';

/** Shells that have a script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A shell that has a script. */
export type Shell = (typeof SHELLS)[number];

/** One command with what may follow it. */
interface Completed {
  /** Such as `verify` or `data check`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  /** Commands below it, or values of its argument. */
  readonly words: readonly string[];
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly takesValue: boolean;
    readonly values: readonly string[];
  }[];
}

/** Values of options and arguments that the command line itself does not list, by flag or by command. */
export type CompletionValues = Readonly<Record<string, readonly string[]>>;

/** The values that this package knows. */
export async function completionValues(): Promise<CompletionValues> {
  const { OWN_BACKENDS } = await import('./backends.js');
  const { properties } = await import('../../properties/index.js');
  const { rulings } = await import('../../spec/rulings.js');
  const engines = Object.values(OWN_BACKENDS).flatMap(({ engines }) => engines.map(({ name }) => name));
  const ids = properties.map(({ id }) => id);
  return {
    '--backend': Object.keys(OWN_BACKENDS),
    '--engine': [...new Set(engines)],
    '--property': ids,
    properties: ids,
    rulings: rulings.map(({ name }) => name).filter((name) => !name.includes(' ')),
  };
}

/** The script for a shell. */
export function completionScript(shell: Shell, program: Command, values: CompletionValues): string {
  const commands = completed(program, '', values);
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

function completed(command: Command, path: string, values: CompletionValues): Completed[] {
  const below = command.commands.map((each) => ({ each, path: `${path} ${each.name()}`.trim() }));
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const own: Completed = {
    path,
    description: command.description(),
    words: [...below.map(({ each }) => each.name()), ...choices, ...(values[path] ?? [])],
    options: [...command.options, { long: '--help', description: 'show this help' }].map((option) => ({
      flag: option.long ?? '',
      description: option.description,
      takesValue: ('required' in option && option.required) || ('optional' in option && option.optional),
      values: ('argChoices' in option ? option.argChoices : undefined) ?? values[option.long ?? ''] ?? [],
    })),
  };
  return [own, ...below.flatMap(({ each, path: its }) => completed(each, its, values))];
}

/** The command so far is found among the words; files are completed where nothing else is. */
function bashScript(commands: readonly Completed[]): string {
  return `# bash completion of crl
_crl() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${command:+$command }$word" in ${paths(commands)}) command="\${command:+$command }$word" ;; esac
  done
  case "$command $previous" in
${cases(commands, (words) => (words === '' ? 'return' : `COMPREPLY=($(compgen -W ${quoted(words)} -- "$current")); return`))}
  esac
  case "$command" in
${commands.map(({ path, words, options }) => `    ${quoted(path)}) COMPREPLY=($(compgen -W ${quoted([...words, ...options.map(({ flag }) => flag)].join(' '))} -- "$current")) ;;`).join('\n')}
  esac
}
complete -o default -F _crl crl
`;
}

function zshScript(commands: readonly Completed[]): string {
  return `#compdef crl
_crl() {
  local command="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${command:+$command }$word" in ${paths(commands)}) command="\${command:+$command }$word" ;; esac
  done
  case "$command \${words[CURRENT-1]}" in
${cases(commands, (words) => `${words === '' ? '' : `compadd -- ${words}; `}_files; return`)}
  esac
  case "$command" in
${commands.map(({ path, words, options }) => `    ${quoted(path)}) compadd -- ${[...words, ...options.map(({ flag }) => flag)].join(' ')} ;;`).join('\n')}
  esac
  [[ "\${words[CURRENT]}" == -* ]] || _files
}
(( $+functions[compdef] )) && compdef _crl crl
`;
}

function fishScript(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ path, words, options }) => {
    const seen = path
      .split(' ')
      .map((name) => `__fish_seen_subcommand_from ${name}`)
      .join('; and ');
    const when = `-n ${quoted(path === '' ? '__fish_use_subcommand' : seen)}`;
    const below = words.map((word) => {
      const its = commands.find((command) => command.path === `${path} ${word}`.trim());
      return `complete -c crl ${when} -f -a ${quoted(word)}${its ? ` -d ${quoted(its.description)}` : ''}`;
    });
    return [
      ...below,
      ...options.map(({ flag, description, takesValue, values }) => {
        const value = values.length > 0 ? ` -a ${quoted(values.join(' '))}` : '';
        return `complete -c crl ${when} -l ${flag.slice(2)}${takesValue ? ` -r${value}` : ''} -d ${quoted(description)}`;
      }),
    ];
  });
  return `# fish completion of crl\n${lines.join('\n')}\n`;
}

/** Patterns of all commands. */
function paths(commands: readonly Completed[]): string {
  return commands
    .filter(({ path }) => path !== '')
    .map(({ path }) => quoted(path))
    .join('|');
}

/** What follows each option that takes a value. */
function cases(commands: readonly Completed[], complete: (words: string) => string): string {
  return commands
    .flatMap(({ path, options }) =>
      options
        .filter(({ takesValue }) => takesValue)
        .map(({ flag, values }) => `    ${quoted(`${path} ${flag}`)}) ${complete(values.join(' '))} ;;`),
    )
    .join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
