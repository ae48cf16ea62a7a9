import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** What a refusal says, by function: its arguments from this one on are words for people. */
const WORDS_FROM = { outOfRange: 2, wrongType: 2, readNumber: 2 };

/**
 * Leaves the wording of refusals alone. Their code and place are stable and judged by vectors; what was
 * expected and what came instead is prose, and may change.
 */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'wording', {
    shouldIgnore(path) {
      const { parent } = path;
      if (parent?.type === 'CallExpression' && path.listKey === 'arguments') {
        const from = WORDS_FROM[parent.callee.name];
        // readNumber's last argument is a rule, not a word
        const isFunction = /Function/.test(path.node.type);
        if (path.key >= from && !isFunction) return 'the wording of a refusal';
      }
      if (parent?.type === 'VariableDeclarator' && parent.id.name === 'expected' && path.key === 'init')
        return 'the wording of a refusal';
      return undefined;
    },
  }),
];
